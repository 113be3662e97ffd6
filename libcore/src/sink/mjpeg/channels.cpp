// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/channels.hpp"

#include <algorithm>
#include <utility>

namespace shmvideo::sink {
namespace {

/// The seeds have a path of its own for what comes out of shared memory, whatever "/stream/video" shows.
bool is_of_shared_memory(std::string_view path) noexcept {
  constexpr std::string_view kPath = "/stream/video/shm";
  return path.starts_with(kPath) && (path.size() == kPath.size() || path[kPath.size()] == '/');
}

/// 0 where it is not asked for, or not in a way that is answered with a picture.
std::uint32_t asked_pixels(const Target& target, std::string_view name) noexcept {
  constexpr int kPixelsMax = 16384;
  const auto found = std::ranges::find(target.parameters, name, &Target::Parameter::name);
  if (found == target.parameters.end()) return 0;
  return static_cast<std::uint32_t>(parse_whole_number(found->value, 1, kPixelsMax).value_or(0));
}

}  // namespace

Channels::Channels(boost::asio::io_context& loop, MappingGuard* guard, std::string program,
                   TaskRunner& runner, EventLog log)
    : loop_(loop), guard_(guard), program_(std::move(program)), runner_(runner), log_(std::move(log)) {}

Channel& Channels::add(const SegmentName& name) {
  if (Channel* known = find(name.str())) return *known;
  Channel& added = *channels_.emplace_back(
      std::make_unique<Channel>(loop_, FrameFeed::Options{name, program_, guard_}, runner_, log_));
  added.set_defaults(defaults_);
  return added;
}

Channel* Channels::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find_if(channels_, [&](const auto& channel) {
    return !channel->is_private() && channel->name().str() == name;
  });
  return found != channels_.end() ? found->get() : nullptr;
}

Channel* Channels::first() const noexcept {
  const auto found =
      std::ranges::find_if(channels_, [](const auto& channel) { return !channel->is_private(); });
  return found != channels_.end() ? found->get() : nullptr;
}

Channel* Channels::usual(std::string_view path) const noexcept {
  return is_camera_shown_ && !is_of_shared_memory(path) ? camera_ : first();
}

Channel* Channels::asked_for(const Request& request) const noexcept {
  if (!request.segment.empty()) return find(request.segment);
  Channel* const usual = this->usual(request.target.path);
  if (!is_camera_shown_ || usual != camera_) return usual;
  camera_->wish_for_size(asked_pixels(request.target, "width"), asked_pixels(request.target, "height"));
  return camera_;
}

void Channels::show_camera(PrivateSource* source) {
  is_camera_shown_ = source != nullptr;
  if (source && !camera_) {
    const FrameFeed::Options options{source->segment(), program_, guard_};
    camera_ = channels_.emplace_back(std::make_unique<Channel>(loop_, options, runner_, log_, *source)).get();
    camera_->set_defaults(defaults_);
  } else if (!source && camera_) {
    camera_->close_viewers();
  }
}

void Channels::set_defaults(const ServingDefaults& defaults) {
  defaults_ = defaults;
  for (const auto& channel : channels_) channel->set_defaults(defaults);
}

void Channels::stop() {
  for (const auto& channel : channels_) channel->stop();
}

}  // namespace shmvideo::sink

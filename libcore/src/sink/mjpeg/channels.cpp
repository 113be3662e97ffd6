// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/channels.hpp"

#include <algorithm>
#include <utility>

namespace shmvideo::sink {

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
  const auto found = std::ranges::find(
      channels_, name, [](const auto& channel) -> std::string_view { return channel->name().str(); });
  return found != channels_.end() ? found->get() : nullptr;
}

void Channels::set_defaults(const ServingDefaults& defaults) {
  defaults_ = defaults;
  for (const auto& channel : channels_) channel->set_defaults(defaults);
}

void Channels::stop() {
  for (const auto& channel : channels_) channel->stop();
}

}  // namespace shmvideo::sink

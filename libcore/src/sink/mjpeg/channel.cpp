// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/channel.hpp"

#include <boost/asio/post.hpp>
#include <chrono>

#include "segment/clock.hpp"

namespace shmvideo::sink {

Channel::Channel(boost::asio::io_context& loop, FrameFeed::Options options, TaskRunner& runner, EventLog log)
    : Channel(loop, std::move(options), runner, std::move(log), nullptr) {}

Channel::Channel(boost::asio::io_context& loop, FrameFeed::Options options, TaskRunner& runner, EventLog log,
                 PrivateSource& source)
    : Channel(loop, std::move(options), runner, std::move(log), &source) {}

Channel::Channel(boost::asio::io_context& loop, FrameFeed::Options options, TaskRunner& runner, EventLog log,
                 PrivateSource* source)
    : log_(std::move(log)),
      guard_(options.guard),
      source_(source),
      check_timer_(loop),
      frame_rate_(monotonic_ns()),
      store_(runner, counters_, &monotonic_ns, [this](std::uint64_t at_ns) { check_at(at_ns); }),
      feed_(loop, runner, with_source(loop, std::move(options)), log_,
            [this](const FedFrame& newest) { show(newest); }) {}

FrameFeed::Options Channel::with_source(boost::asio::io_context& loop, FrameFeed::Options options) {
  if (!source_) return options;
  options.on_wanted = [this, &loop](bool is_wanted) {
    if (!is_wanted) return source_->stop();
    source_->start(wished_width_, wished_height_,
                   [this, &loop] { boost::asio::post(loop, [this] { source_failed(); }); });
  };
  return options;
}

void Channel::source_failed() {
  const auto viewers = viewers_;
  for (Viewer* viewer : viewers) viewer->no_writer_comes();
}

std::string Channel::start_command() const {
  return source_ ? "" : "shm-capture --device 0 --name " + name().str();
}

std::string Channel::why_no_frames() const {
  if (source_) {
    const std::string reason = source_->why_not();
    return "the camera shows nothing: " + (reason.empty() ? "it is still starting" : reason);
  }
  const std::string reason = feed_.why_no_writer();
  return (reason.empty() ? "there is no writer of '" + name().str() + "'" : reason) +
         "; start one with: " + start_command();
}

void Channel::show(const FedFrame& newest) {
  if (newest.frame) frame_rate_.count(monotonic_ns());
  store_.feed(newest);
  if (newest.frame) {
    for (const auto& then : std::exchange(awaiting_frame_, {})) then();
  }
  if (newest.is_there()) return;
  const auto viewers = viewers_;  // one that ends removes itself
  for (Viewer* viewer : viewers) viewer->writer_lost();
}

void Channel::check_at(std::uint64_t at_ns) {
  if (check_timer_ns_ != 0 && check_timer_ns_ <= at_ns) return;
  check_timer_ns_ = at_ns;
  check_timer_.expires_at(std::chrono::steady_clock::time_point(std::chrono::nanoseconds(at_ns)));
  check_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    check_timer_ns_ = 0;
    store_.check();
  });
}

Channel::Streams Channel::streams(std::uint64_t now_ns) const noexcept {
  Streams streams;
  for (const Viewer* viewer : viewers_) {
    if (!viewer->is_stream()) continue;
    ++streams.count;
    streams.fps += viewer->rate(now_ns);
  }
  return streams;
}

void Channel::set_defaults(const ServingDefaults& defaults) {
  feed_.show_stills(defaults.on_loss == OnLoss::placeholder);
  for (Viewer* viewer : viewers_) viewer->take_defaults(defaults);
  store_.check();
}

void Channel::close_unless(const std::function<bool(const Access&)>& may_stay) {
  const auto viewers = viewers_;  // each removes itself
  for (Viewer* viewer : viewers)
    if (viewer->access() && !may_stay(*viewer->access())) viewer->close();
}

void Channel::close_viewers() {
  const auto viewers = viewers_;  // each removes itself
  for (Viewer* viewer : viewers) viewer->close();
}

void Channel::stop() {
  check_timer_.cancel();
  check_timer_ns_ = 0;
  awaiting_frame_.clear();
  close_viewers();
  feed_.stop();
}

}  // namespace shmvideo::sink

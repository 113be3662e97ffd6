// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "shmvideo/report.hpp"
#include "sink/mjpeg/pictures/frame_feed.hpp"
#include "sink/mjpeg/pictures/rendition_store.hpp"
#include "sink/mjpeg/private_source.hpp"
#include "sink/mjpeg/reports/counters.hpp"
#include "sink/mjpeg/serving_defaults.hpp"
#include "sink/mjpeg/viewers/rate_meter.hpp"
#include "sink/mjpeg/viewers/viewer.hpp"

namespace shmvideo::sink {

/// One segment as the server serves it: its frames, what is made of them, and who watches.
/// All calls on the loop's thread.
class Channel {
 public:
  Channel(boost::asio::io_context& loop, FrameFeed::Options options, TaskRunner& runner, EventLog log);
  /// Of a source that publishes while somebody wants frames. It is borrowed, and `options` name its segment.
  Channel(boost::asio::io_context& loop, FrameFeed::Options options, TaskRunner& runner, EventLog log,
          PrivateSource& source);

  const SegmentName& name() const noexcept { return feed_.name(); }
  FrameFeed::Demand demand() { return FrameFeed::Demand(feed_); }
  /// Whether there is a writer, or one that is about to be. With a demand only.
  bool has_writer() const noexcept { return feed_.has_writer() || (source_ && source_->is_starting()); }
  /// The segment as it is, looked at anew. Throws Error.
  SegmentReport report_segment() const { return report(feed_.name(), guard_); }
  /// Says why there are no frames and which command would change that.
  std::string why_no_frames() const;
  /// That command; empty where the server itself runs the writer.
  std::string start_command() const;

  bool is_private() const noexcept { return source_ != nullptr; }
  /// Its camera is off, as nobody watches, and nothing was wrong with it the last time.
  bool is_idle() const { return source_ && !source_->is_starting() && source_->why_not().empty(); }
  /// What size the pictures of a source are to have if the next demand is the first; 0: its own.
  void wish_for_size(std::uint32_t width, std::uint32_t height) noexcept {
    wished_width_ = width;
    wished_height_ = height;
  }

  /// What there is to show right now.
  const FedFrame& newest() const noexcept { return store_.newest(); }
  /// Since when and why frames come no more, though they did. With a demand only.
  const std::optional<Loss>& loss() const noexcept { return feed_.loss(); }
  /// Where the time goes between capture and viewers.
  StageTimes& stages() noexcept { return store_.stages(); }
  const StageTimes& stages() const noexcept { return store_.stages(); }
  /// How short the server is of processor time, see Pressure: the same for all channels.
  int pressure_level() const noexcept { return store_.pressure_level(); }
  /// Calls `then` once, with the next frame; not at all if none comes before the end.
  void await_frame(std::function<void()> then) { awaiting_frame_.push_back(std::move(then)); }
  /// Frames of the segment per second, over the last seconds; 0 while nobody wants any.
  double frames_per_second(std::uint64_t now_ns) const noexcept { return frame_rate_.per_second(now_ns); }

  void wait(std::shared_ptr<PictureWaiter> waiter) { store_.wait(std::move(waiter)); }
  void cancel(const PictureWaiter& waiter) noexcept { store_.cancel(waiter); }

  void add(Viewer& viewer) { viewers_.push_back(&viewer); }
  void remove(Viewer& viewer) noexcept { std::erase(viewers_, &viewer); }
  const std::vector<Viewer*>& viewers() const noexcept { return viewers_; }
  /// The streams that are open.
  struct Streams {
    unsigned count = 0;
    double fps = 0;  ///< pictures per second that go to all of them, over the last seconds
  };
  Streams streams(std::uint64_t now_ns) const noexcept;
  ServingCounters& counters() noexcept { return counters_; }
  const ServingCounters& counters() const noexcept { return counters_; }
  const EventLog& log() const noexcept { return log_; }

  /// For the viewers that there are.
  void set_defaults(const ServingDefaults& defaults);
  /// Ends the streams of those who may not see it any more.
  void close_unless(const std::function<bool(const Access&)>& may_stay);
  /// Ends what every viewer gets.
  void close_viewers();
  /// Closes every viewer and lets the loop end.
  void stop();

 private:
  Channel(boost::asio::io_context& loop, FrameFeed::Options options, TaskRunner& runner, EventLog log,
          PrivateSource* source);
  void show(const FedFrame& newest);
  void check_at(std::uint64_t at_ns);
  FrameFeed::Options with_source(boost::asio::io_context& loop, FrameFeed::Options options);
  void source_failed();

  EventLog log_;
  MappingGuard* guard_;    // borrowed
  PrivateSource* source_;  // borrowed; null: the segment is somebody else's
  std::uint32_t wished_width_ = 0;
  std::uint32_t wished_height_ = 0;
  ServingCounters counters_;
  boost::asio::steady_timer check_timer_;
  std::uint64_t check_timer_ns_ = 0;  // 0: not set
  RateMeter frame_rate_;
  std::vector<std::function<void()>> awaiting_frame_;
  RenditionStore store_;
  FrameFeed feed_;
  std::vector<Viewer*> viewers_;
};

}  // namespace shmvideo::sink

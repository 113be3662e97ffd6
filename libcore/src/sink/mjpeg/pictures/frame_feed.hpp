// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "shmvideo/reader.hpp"
#include "sink/events.hpp"
#include "sink/mjpeg/pictures/rendition_store.hpp"

namespace shmvideo::sink {

/// Reads one segment name on an event loop, for as long as somebody wants frames of it.
///
/// It holds the newest frame, follows the writer through restarts and changes of size, and waits for a
/// segment that is not there yet. While nobody wants frames it is no reader of the segment, and costs
/// nothing. All calls on the loop's thread.
class FrameFeed {
 public:
  struct Options {
    SegmentName name;
    std::string program;            ///< shown to people as the reader
    MappingGuard* guard = nullptr;  ///< borrowed
  };
  /// Told of each new frame, and of there being none any more.
  using OnFrame = std::function<void(const FedFrame& newest)>;

  FrameFeed(boost::asio::io_context& loop, Options options, EventLog log, OnFrame on_frame);

  /// Somebody's wish for frames; lasts as long as it lives, which must not be longer than the feed.
  class Demand {
   public:
    Demand() noexcept = default;
    explicit Demand(FrameFeed& feed);
    Demand(Demand&& other) noexcept : feed_(std::exchange(other.feed_, nullptr)) {}
    Demand& operator=(Demand&& other) noexcept;
    ~Demand();

   private:
    FrameFeed* feed_ = nullptr;
  };

  /// Whether there is a writer right now, stalled or not. With a demand only.
  bool has_writer() const noexcept;
  /// For people: why there is none.
  std::string why_no_writer() const;
  const SegmentName& name() const noexcept { return options_.name; }
  /// Lets the loop end. Nothing is fed any more.
  void stop();

 private:
  void begin();
  void attach();
  void retry_later();
  void detach();
  void end_if_unwanted();
  void await_event();
  void drain();
  void no_more_frames(ReadStatus status);
  std::shared_ptr<Frame> free_frame();
  void release_unused();

  Options options_;
  EventLog log_;
  OnFrame on_frame_;
  boost::asio::posix::stream_descriptor event_;  // a duplicate of the reader's
  boost::asio::steady_timer retry_;
  boost::asio::steady_timer linger_;
  std::unique_ptr<Reader> reader_;
  FedFrame newest_;
  std::vector<std::shared_ptr<Frame>> frames_;  // to be used again
  std::uint64_t serial_ = 0;
  std::size_t demands_ = 0;
  std::string attach_error_;
  bool is_stopped_ = false;
};

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shmvideo/reader.hpp"
#include "sink/events.hpp"
#include "sink/mjpeg/pictures/fed_frame.hpp"
#include "sink/mjpeg/pictures/loss.hpp"
#include "sink/mjpeg/pictures/still_maker.hpp"

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
    /// Told when somebody wants frames, maybe more than once, and when nobody has for a while; may be empty.
    std::function<void(bool is_wanted)> on_wanted{};
  };
  /// Told of each new frame, of each new still, and of there being nothing to show any more.
  using OnFrame = std::function<void(const FedFrame& newest)>;

  /// Stills are made by `runner`.
  FrameFeed(boost::asio::io_context& loop, TaskRunner& runner, Options options, EventLog log,
            OnFrame on_frame);

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
  /// Since when and why there are no frames, though there were. With a demand only: nobody looks otherwise.
  const std::optional<Loss>& loss() const noexcept { return loss_; }
  /// Whether stills are shown from the next loss on; otherwise nothing is.
  void show_stills(bool should_show) noexcept { shows_stills_ = should_show; }
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
  void await_quiet();
  void look_for_loss();
  void lose(std::string_view reason);
  void show_still();
  void show_nothing();
  void let_go();
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
  FrameInfo last_info_;              // of the last frame
  std::uint64_t last_frame_ns_ = 0;  // when it came in; 0: none has, since attached
  boost::asio::steady_timer quiet_;  // looks whether frames have ended, and then brings the next still
  std::optional<Loss> loss_;
  StillMaker still_maker_;
  std::shared_ptr<const KeptFrame> kept_;
  bool shows_stills_ = true;
  std::vector<std::shared_ptr<Frame>> frames_;  // to be used again
  std::uint64_t serial_ = 0;
  std::size_t demands_ = 0;
  std::string attach_error_;
  bool is_stopped_ = false;
};

}  // namespace shmvideo::sink

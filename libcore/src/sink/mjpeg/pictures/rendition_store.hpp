// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sink/mjpeg/pictures/fed_frame.hpp"
#include "sink/mjpeg/pictures/jpeg_picture.hpp"
#include "sink/mjpeg/pictures/pacer.hpp"
#include "sink/mjpeg/pictures/rendition.hpp"
#include "sink/mjpeg/pictures/stage_histogram.hpp"
#include "sink/mjpeg/pictures/task_runner.hpp"
#include "sink/mjpeg/reports/counters.hpp"

namespace shmvideo::sink {

/// One who wants pictures: after wait(), it is called back once.
class PictureWaiter {
 public:
  PictureWaiter(const Rendition& rendition, const Pacer& pacer) noexcept
      : rendition_(rendition), pacer_(pacer) {}
  virtual ~PictureWaiter() = default;
  virtual void picture_ready(const std::shared_ptr<const JpegPicture>& picture) = 0;
  /// No picture could be made of the newest frame.
  virtual void picture_failed(const std::string& reason) = 0;

 protected:
  /// For the pictures after the one that it waits for.
  const Rendition& rendition() const noexcept { return rendition_; }
  void set_rendition(const Rendition& rendition) noexcept { rendition_ = rendition; }
  void set_pacer(const Pacer& pacer) noexcept { pacer_ = pacer; }
  /// In picture_ready(): as if that picture had not come. If it is still the newest after the next wait(), it
  /// comes again.
  void decline() noexcept {
    had_serial_ = before_serial_;
    pacer_ = before_pacer_;
  }

 private:
  friend class RenditionStore;
  Rendition rendition_;
  Pacer pacer_;
  std::uint64_t had_serial_ = 0;
  // Before the picture that came last.
  std::uint64_t before_serial_ = 0;
  Pacer before_pacer_ = pacer_;
};

/// Makes of each frame what its viewers want, once for each form, and nothing that nobody is due.
///
/// While a frame is being encoded, the next one may be begun beside it, for those who will be due for it:
/// where encoding takes longer than a frame's time, its latency stays and no frame is left out. What is ready
/// is handed out in the order of frames.
///
/// Knows no sockets and keeps no timers. All calls and callbacks on the loop's thread; callbacks may call
/// wait() and cancel().
class RenditionStore {
 public:
  using Clock = std::uint64_t (*)() noexcept;  ///< nanoseconds, monotonic
  /// Asks for a call of check() at that time or soon after it; an earlier wish stands beside it.
  using CheckAt = std::function<void(std::uint64_t at_ns)>;
  RenditionStore(TaskRunner& runner, ServingCounters& counters, Clock clock, CheckAt check_at);
  ~RenditionStore();
  RenditionStore(const RenditionStore&) = delete;
  RenditionStore& operator=(const RenditionStore&) = delete;

  /// There is a newer frame, or none any more.
  void feed(const FedFrame& newest);
  /// Calls `waiter` back with the newest frame that it has not had, when it is due.
  void wait(std::shared_ptr<PictureWaiter> waiter);
  void cancel(const PictureWaiter& waiter) noexcept;

  /// Somebody may be due although nothing new came in.
  void check() { serve(0); }

  const FedFrame& newest() const noexcept { return newest_; }
  const StageTimes& stages() const noexcept { return stages_; }
  StageTimes& stages() noexcept { return stages_; }
  /// See Pressure.
  int pressure_level() const noexcept { return runner_.pressure_level(); }

 private:
  class Entry;
  struct Delivery {
    std::shared_ptr<PictureWaiter> waiter;
    std::shared_ptr<const JpegPicture> picture;  // null: failed
    std::string reason;
  };

  void serve(std::size_t first);
  bool pick_delivery(PictureWaiter& waiter, std::uint64_t now_ns, Delivery& delivery);
  void deliver();
  bool is_due(const PictureWaiter& waiter, std::uint64_t now_ns) const noexcept;
  bool is_due_after(const FedFrame& in_work, const PictureWaiter& waiter,
                    std::uint64_t now_ns) const noexcept;
  bool has_taker(const Entry& entry) const noexcept;
  /// While there is a frame.
  PictureForm wanted_form(const PictureWaiter& waiter) const noexcept;
  Entry& entry_of(PictureForm form);

  TaskRunner& runner_;
  ServingCounters& counters_;
  Clock clock_;
  CheckAt check_at_;
  PicturePool pool_;
  StageTimes stages_;
  FedFrame newest_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<std::shared_ptr<PictureWaiter>> waiters_;
  std::vector<Delivery> deliveries_;
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t next_check_ns_ = kNever;
  bool is_serving_ = false;
  bool should_serve_again_ = false;
};

}  // namespace shmvideo::sink

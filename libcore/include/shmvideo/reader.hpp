// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "shmvideo/error.hpp"
#include "shmvideo/export.hpp"
#include "shmvideo/frame_info.hpp"
#include "shmvideo/mapping_guard.hpp"
#include "shmvideo/name.hpp"

namespace shmvideo {

/// What a wait for the next frame came to. Nothing here is an error.
enum class ReadStatus {
  frame,        ///< There is one.
  timeout,      ///< None in time; the writer lives.
  stalled,      ///< None in time; the writer lives but does not publish (see SegmentState).
  writer_gone,  ///< None in time; the writer died and no other took the name over so far.
  closed,       ///< None in time; the writer stopped in good order and no other started so far.
};
SHMVIDEO_EXPORT const char* to_string(ReadStatus status) noexcept;

/// How a reader's frames are protected while it looks at them.
enum class Grade : std::uint32_t {
  observe = SHMV_GRADE_OBSERVE,  ///< In place; the writer may overwrite: ask valid() afterwards.
  copy = SHMV_GRADE_COPY,        ///< The reader means to use read_copy(); told to other people only.
  hold = SHMV_GRADE_HOLD,        ///< In place; the writer goes round the frame while it can.
};

/// A short word for each grade ("hold").
SHMVIDEO_EXPORT const char* to_string(Grade grade) noexcept;

enum class Order {
  newest,    ///< Always the newest frame (viewers, vision).
  in_order,  ///< The next one that is still there (recorders, encoders).
};

/// Where an in-order reader begins.
enum class Start {
  next,    ///< With what is published from now on.
  newest,  ///< With the newest frame that is there.
  oldest,  ///< With the oldest that is still in the ring.
  key,     ///< With the newest key frame that is still in the ring, else with the next one to come.
};

struct ReaderOptions {
  Grade grade = Grade::hold;
  Order order = Order::newest;
  Start start = Start::newest;
  /// How long attach() waits for a segment to appear.
  std::chrono::nanoseconds attach_timeout{0};
  /// Go on with the successor when the writer restarts or changes its geometry. Without it, the
  /// reader ends with the generation that it attached to.
  bool follow = true;
  /// Take an entry in NAME.readers, so that others see this reader. Needed for holds.
  bool present = true;
  std::string program;            ///< shown to people
  MappingGuard* guard = nullptr;  ///< borrowed, must outlive the reader and its frames
};

enum class SegmentState : std::uint32_t { live, stalled, dead, closed };
SHMVIDEO_EXPORT const char* to_string(SegmentState state) noexcept;

/// One frame in place. Move-only; may go to another thread and outlive its Reader. The bytes stay
/// mapped as long as the Frame lives, and stay this frame's as long as valid() says so.
class SHMVIDEO_EXPORT Frame {
 public:
  Frame() noexcept;
  Frame(Frame&&) noexcept;
  Frame& operator=(Frame&&) noexcept;
  ~Frame();
  explicit operator bool() const noexcept { return generation_ != nullptr; }

  /// A private, checked copy of the description: payload_bytes fits the slot, each plane starts in it.
  const FrameInfo& info() const noexcept { return info_; }
  /// The payload in shared memory. Another process may be changing it: decide nothing by it twice.
  std::span<const std::byte> bytes() const noexcept { return bytes_; }
  /// True if every byte read so far was this frame's. Ask after the work, before trusting its result.
  bool valid() const noexcept;
  /// True if the writer was asked to go round this frame. A hold that was taken back makes valid() false.
  bool is_held() const noexcept { return hold_index_ >= 0; }
  /// Copies the payload to `to` (at least payload_bytes) and returns valid().
  bool copy_to(std::span<std::byte> to) const noexcept;
  /// Ends the hold and the use of the frame early.
  void release() noexcept;

 private:
  friend class Reader;
  std::shared_ptr<const class Generation> generation_;
  std::shared_ptr<class Registration> registration_;
  std::span<const std::byte> bytes_;
  FrameInfo info_;
  std::uint32_t slot_ = 0;
  int hold_index_ = -1;
};

struct ReaderStatistics {
  std::uint64_t seen = 0;      ///< frames delivered
  std::uint64_t missed = 0;    ///< published after the first delivered one, but not delivered
  std::uint64_t torn = 0;      ///< overwritten while being acquired or copied: refused
  std::uint64_t revoked = 0;   ///< holds that were taken back, noticed when released
  std::uint64_t restarts = 0;  ///< changes to a new generation
  bool is_present = false;     ///< has an entry in NAME.readers, and so can hold
};

/// A reader of a segment name, across writer restarts and changes of geometry.
///
/// Needs only read permission. Never writes to the segment. Thread-safety: one thread at a time, but
/// for interrupt(). Frames are independent of it.
class SHMVIDEO_EXPORT Reader {
 public:
  /// Throws Error: not_found, permission_denied, not_a_segment, incompatible, corrupt, system.
  static std::unique_ptr<Reader> attach(const SegmentName& name, const ReaderOptions& options = {});
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// Waits until there is a frame that this reader has not had, at most `timeout` (0: just looks;
  /// nanoseconds::max(): for ever). A frame in `out` is released first. The first call after the
  /// writer died or closed says so at once; later ones wait `timeout` for a successor.
  ReadStatus next(Frame& out, std::chrono::nanoseconds timeout);

  /// next() into memory of the caller's: `to` grows if needed and keeps its capacity. Only whole
  /// frames are delivered.
  ReadStatus read_copy(std::vector<std::byte>& to, FrameInfo& info, std::chrono::nanoseconds timeout);

  /// A descriptor for poll, epoll or an event loop: readable when next(out, 0) is worth a call.
  /// Read 8 bytes from it to clear it (it is an eventfd), then call next() until it says otherwise.
  /// Owned by the reader; the first call starts a helper thread. Throws Error(system).
  int event_fd();

  /// Makes a running or the following next() return `timeout` at once. From any thread; not from a
  /// signal handler.
  void interrupt() noexcept;

  /// What the segment promises; of the generation read last.
  StreamInfo stream() const noexcept;
  std::uint64_t generation() const noexcept;
  SegmentState state() const noexcept;
  std::uint32_t source_state() const noexcept;  ///< SHMV_SOURCE_*
  /// The codec parameters, empty when there are none. A copy.
  std::vector<std::byte> extradata() const;
  /// Asks the writer for a key frame. False for an observer.
  bool request_key() noexcept;
  ReaderStatistics statistics() const noexcept;
  const SegmentName& name() const noexcept;

 private:
  friend class ReaderSet;
  struct Impl;
  explicit Reader(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shmvideo

// SPDX-License-Identifier: Apache-2.0
#include "source/v4l2/camera_source.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "segment/clock.hpp"
#include "segment/unique_fd.hpp"
#include "shmvideo/error.hpp"
#include "source/is_number.hpp"
#include "source/v4l2/camera_list.hpp"
#include "source/v4l2/running_camera.hpp"
#include "source/v4l2/sequence_count.hpp"

namespace shmvideo::source {
namespace {

constexpr const char* kAuto = "auto";
constexpr int kWaitMs = 500;
/// How long a camera that nobody named may take for its first frame.
constexpr std::uint64_t kAutoWaitNs = 2'000'000'000;
/// A time stamp older than this is not of our clock.
constexpr std::uint64_t kStampAgeMaxNs = 10'000'000'000;
/// poll() may report an error that goes by itself; this often in a row it does not.
constexpr int kPollErrorsMax = 25;
constexpr int kPollErrorPauseMs = 20;

class CameraSource final : public FrameSource {
 public:
  explicit CameraSource(const CameraOptions& options)
      : options_(options), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (wake_) return;
    throw Error(ErrorCode::system, fmt::format("cannot make an eventfd: {}", std::strerror(errno)), errno);
  }

  void open() override;
  const SourceDescription& description() const noexcept override {
    return camera_ ? camera_->description : nothing_;
  }
  WaitStatus wait() noexcept override;
  FillStatus fill(std::span<std::byte> slot, FrameInfo& info) noexcept override;
  std::optional<std::uint64_t> read_ns() const noexcept override { return read_ns_; }
  std::string loss() const override { return loss_; }
  std::uint64_t skipped() const noexcept override { return count_.lost(); }
  DropCause skip_cause() const noexcept override { return DropCause::source; }
  void interrupt() noexcept override { static_cast<void>(::eventfd_write(wake_.get(), 1)); }

 private:
  enum class Event { none, device, interrupted };
  Event wait_for_event(short& events, int timeout_ms) noexcept;
  void open_first();
  std::string try_camera(const std::string& path);
  void check_interruption();
  bool delivers() noexcept;
  WaitStatus look(short events) noexcept;
  WaitStatus take(bool has_poll_error) noexcept;
  WaitStatus lose(int number) noexcept;
  bool is_signal_lost() noexcept;
  void release() noexcept;

  const CameraOptions options_;
  UniqueFd wake_;  // readable from interrupt() on
  const SourceDescription nothing_;
  std::unique_ptr<RunningCamera> camera_;
  DriverFrame frame_;
  bool has_frame_ = false;
  SequenceCount count_;
  std::uint64_t number_ = 0;
  std::uint64_t capture_ns_ = 0;
  std::uint64_t read_ns_ = 0;
  int poll_errors_ = 0;
  std::string loss_;
};

void CameraSource::check_interruption() {
  short events = 0;
  if (wait_for_event(events, 0) == Event::interrupted) {
    throw Error(ErrorCode::cancelled, "opening the camera was interrupted");
  }
}

/// Waits for the camera, if there is one yet, and for interrupt(), which goes first.
CameraSource::Event CameraSource::wait_for_event(short& events, int timeout_ms) noexcept {
  pollfd watched[] = {{wake_.get(), POLLIN, 0}, {camera_ ? camera_->device.fd() : -1, POLLIN | POLLPRI, 0}};
  const int ready = ::poll(watched, 2, timeout_ms);
  if (ready <= 0) return Event::none;
  if (watched[0].revents != 0) return Event::interrupted;
  events = watched[1].revents;
  return Event::device;
}

void CameraSource::open() {
  if (options_.device == kAuto) {
    open_first();
  } else {
    camera_ = std::make_unique<RunningCamera>(camera_path(options_.device), options_,
                                              [this] { check_interruption(); });
  }
}

/// The first camera that delivers a frame.
void CameraSource::open_first() {
  std::vector<std::string> problems;
  for (const std::string& path : video_nodes()) {
    const std::string problem = try_camera(path);
    if (camera_) {
      std::string note = fmt::format("auto: {} ({}) is the first camera that delivers frames", path,
                                     camera_->device.capabilities().card);
      if (!problems.empty()) note += fmt::format("; not taken: {}", fmt::join(problems, "; "));
      camera_->description.notes.insert(camera_->description.notes.begin(), note);
      return;
    }
    if (!problem.empty()) problems.push_back(problem);
  }
  if (problems.empty()) throw Error(ErrorCode::source_failed, "there is no camera; " + cameras_found());
  throw Error(ErrorCode::source_failed,
              fmt::format("no camera delivers frames: {}", fmt::join(problems, "; ")));
}

/// Leaves it in camera_ if it delivers; else gives the reason, which is empty for what is no camera.
std::string CameraSource::try_camera(const std::string& path) {
  try {
    if (!Device(path).capabilities().can_capture()) return {};
    camera_ = std::make_unique<RunningCamera>(path, options_, [this] { check_interruption(); });
    if (delivers()) return {};
    camera_.reset();
    check_interruption();
    return fmt::format("camera {} gives no frame within 2 s", path);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;
    return error.what();
  }
}

bool CameraSource::delivers() noexcept {
  const std::uint64_t end_ns = monotonic_ns() + kAutoWaitNs;
  for (std::uint64_t now_ns = monotonic_ns(); now_ns < end_ns; now_ns = monotonic_ns()) {
    short events = 0;
    const int rest_ms = static_cast<int>((end_ns - now_ns) / 1'000'000) + 1;
    if (wait_for_event(events, rest_ms) == Event::interrupted) return false;
    if (events & (POLLERR | POLLHUP)) return false;
    if (events & POLLIN) return true;
    if (events & POLLPRI) camera_->signal.take_events();
  }
  return false;
}

WaitStatus CameraSource::wait() noexcept {
  release();
  if (!camera_ || !loss_.empty()) return WaitStatus::lost;
  short events = 0;
  switch (wait_for_event(events, kWaitMs)) {
    case Event::interrupted:
      return WaitStatus::interrupted;
    case Event::none:
      // Not every driver tells of a lost signal: whoever gets no frames looks.
      return is_signal_lost() ? WaitStatus::lost : WaitStatus::again;
    case Event::device:
      break;
  }
  return look(events);
}

WaitStatus CameraSource::look(short events) noexcept {
  if ((events & POLLPRI) && camera_->signal.take_events() && is_signal_lost()) return WaitStatus::lost;
  if (events & (POLLIN | POLLERR | POLLHUP)) return take((events & (POLLERR | POLLHUP)) != 0);
  return WaitStatus::again;
}

WaitStatus CameraSource::take(bool has_poll_error) noexcept {
  const std::uint64_t began_ns = monotonic_ns();
  const int number = camera_->queue.take(frame_);
  if (number == EAGAIN) {
    if (!has_poll_error) return WaitStatus::again;
    if (++poll_errors_ > kPollErrorsMax) return lose(EIO);
    pollfd pause{wake_.get(), POLLIN, 0};
    return ::poll(&pause, 1, kPollErrorPauseMs) > 0 ? WaitStatus::interrupted : WaitStatus::again;
  }
  if (number != 0) return lose(number);
  poll_errors_ = 0;
  has_frame_ = true;
  number_ = count_.take(frame_.sequence);
  const std::uint64_t now_ns = monotonic_ns();
  read_ns_ = now_ns - began_ns;
  const bool is_ours =
      frame_.capture_ns > 0 && frame_.capture_ns <= now_ns && now_ns - frame_.capture_ns < kStampAgeMaxNs;
  capture_ns_ = is_ours ? frame_.capture_ns : now_ns;
  return WaitStatus::frame;
}

bool CameraSource::is_signal_lost() noexcept {
  try {
    loss_ = camera_->signal.loss();
  } catch (const std::exception&) {  // out of memory; the next look may find it
    return false;
  }
  return !loss_.empty();
}

WaitStatus CameraSource::lose(int number) noexcept {
  try {
    loss_ = number == ENODEV ? "the camera was unplugged"
            : number == EIO  ? "the camera's driver stopped with an input/output error"
                             : fmt::format("the camera's driver stopped: {}", std::strerror(number));
  } catch (const std::exception&) {
    loss_ = "lost";  // short enough to need no memory
  }
  return WaitStatus::lost;
}

/// Gives the driver its buffer back.
void CameraSource::release() noexcept {
  if (has_frame_) camera_->queue.give_back(frame_);
  has_frame_ = false;
}

FillStatus CameraSource::fill(std::span<std::byte> slot, FrameInfo& info) noexcept {
  if (!has_frame_) return FillStatus::corrupt;
  const FillStatus status = frame_.is_damaged ? FillStatus::corrupt : camera_->maker.make(frame_, slot, info);
  if (status == FillStatus::format_changed) {  // the frame is kept for the next call
    camera_->description.payload_bytes = camera_->maker.payload_bytes();
    return status;
  }
  release();
  info.capture_monotonic_ns = capture_ns_;
  info.source_number = number_;
  return status;
}

}  // namespace

std::string camera_path(const std::string& device) {
  return is_number(device) ? "/dev/video" + device : device;
}

std::unique_ptr<FrameSource> make_camera_source(const CameraOptions& options) {
  return std::make_unique<CameraSource>(options);
}

}  // namespace shmvideo::source

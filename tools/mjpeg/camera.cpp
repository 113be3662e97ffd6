// SPDX-License-Identifier: Apache-2.0
#include "camera.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iterator>
#include <random>
#include <utility>

#include "shmvideo/error.hpp"
#include "shmvideo/report.hpp"
#include "toolkit/json.hpp"

namespace shmvideo::mjpeg {
namespace {

using namespace std::chrono_literals;

constexpr const char* kProgram = "shm-capture";
/// Between one that ended and the next: each twice as long as the one before.
constexpr std::chrono::nanoseconds kPauseFirst = 500ms;
constexpr std::chrono::nanoseconds kPauseLongest = 15s;
/// One that went on for so long did what it should; what ended it is something new.
constexpr std::chrono::nanoseconds kGoodWhile = 10s;
/// A device may hang for a moment when it is closed.
constexpr std::chrono::nanoseconds kStopPatience = 3s;
constexpr std::chrono::nanoseconds kForEver = 24h;
/// Between the end of its messages and its own.
constexpr std::chrono::nanoseconds kEndInterval = 10ms;

/// Unlike that of any other server, in whatever PID namespace it runs.
SegmentName private_name() {
  return SegmentName(
      fmt::format("{}shm-mjpeg.{}.{:08x}", sink::kPrivatePrefix, ::getpid(), std::random_device()()));
}

/// Signals are handled by threads that know of it.
std::thread start_thread(auto run) {
  sigset_t all, before;
  sigfillset(&all);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) sigdelset(&all, fault);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(run));
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace

Camera::Camera(std::string config, toolkit::Log& log)
    : config_(std::move(config)),
      log_(log),
      segment_(private_name()),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wake_) throw Error(ErrorCode::system, "cannot make an eventfd", errno);
}

Camera::~Camera() {
  {
    const std::lock_guard lock(mutex_);
    orders_.is_end = true;
  }
  wake();
  if (thread_.joinable()) thread_.join();
}

void Camera::start(std::uint32_t width, std::uint32_t height, std::function<void()> on_failure) {
  const std::lock_guard lock(mutex_);
  if (orders_.wish) return;
  orders_.wish = Wish{width, height};
  on_failure_ = std::move(on_failure);
  reason_.clear();
  if (!thread_.joinable()) thread_ = start_thread([this] { keep(); });
  wake();
}

void Camera::stop() noexcept {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(orders_.wish, std::nullopt)) return;
  on_failure_ = nullptr;
  wake();
}

bool Camera::is_starting() const {
  const std::lock_guard lock(mutex_);
  return orders_.wish && reason_.empty();
}

std::string Camera::why_not() const {
  const std::lock_guard lock(mutex_);
  return reason_;
}

void Camera::read_configuration_again() noexcept {
  const std::lock_guard lock(mutex_);
  orders_.is_hang_up = true;
  wake();
}

void Camera::wake() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t ignored = ::write(wake_.get(), &one, sizeof one);
}

bool Camera::is_wanted() const {
  const std::lock_guard lock(mutex_);
  return orders_.wish && !orders_.is_end;
}

bool Camera::is_idle() const {
  const std::lock_guard lock(mutex_);
  return !orders_.wish && !orders_.is_end;
}

void Camera::failed(std::string reason) {
  const std::lock_guard lock(mutex_);
  reason_ = std::move(reason);
  if (on_failure_) on_failure_();
}

/// Waits for new orders, for `other_fd` (-1: none) to be readable, or for the end of the time.
Camera::Orders Camera::wait_for_orders(int other_fd, std::chrono::nanoseconds timeout) {
  pollfd wanted[] = {{wake_.get(), POLLIN, 0}, {other_fd, POLLIN, 0}};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
  const timespec limit{seconds.count(), (timeout - seconds).count()};
  ::ppoll(wanted, std::size(wanted), &limit, nullptr);
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t ignored = ::read(wake_.get(), &count, sizeof count);
  const std::lock_guard lock(mutex_);
  Orders now = orders_;
  orders_.is_hang_up = false;
  return now;
}

void Camera::keep() {
  for (;;) {
    const Orders orders = wait_for_orders(-1, is_idle() ? kForEver : 0ns);
    if (orders.is_end) return;
    if (orders.wish) run_while_wanted(*orders.wish);
  }
}

void Camera::run_while_wanted(const Wish& wish) {
  auto pause = kPauseFirst;
  for (;;) {
    const auto began = Clock::now();
    if (run_once(wish)) break;
    if (Clock::now() - began > kGoodWhile) pause = kPauseFirst;
    const auto next = Clock::now() + pause;
    pause = std::min(pause * 2, kPauseLongest);
    // Other orders come in between; only the end of the wish counts.
    while (is_wanted() && Clock::now() < next)
      wait_for_orders(-1, std::max(next - Clock::now(), Clock::duration(0)));
    if (!is_wanted()) break;
  }
  try {
    remove_segment(segment_);  // of one that was killed
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) log_.warn("camera: {}", error.what());
  }
}

std::vector<std::string> Camera::command(const Wish& wish) const {
  const std::string program = toolkit::find_companion(kProgram);
  if (program.empty()) {
    throw Error(ErrorCode::not_found,
                fmt::format("{} is neither beside this program nor in the PATH; install it", kProgram));
  }
  // Messages come one a line and with their level, whatever the configuration wants for its own programs.
  std::vector<std::string> words{program,      "--name", segment_.str(), "--log-format", "json",
                                 "--log-file", "-"};
  if (!config_.empty()) words.insert(words.end(), {"--config", config_});
  if (wish.width > 0 && wish.height > 0)
    words.insert(words.end(), {"--resolution", fmt::format("{}x{}", wish.width, wish.height)});
  return words;
}

/// Returns when it has ended; tells whether it was told to.
bool Camera::run_once(const Wish& wish) {
  last_complaint_.clear();
  try {
    toolkit::ChildProcess child(command(wish));
    log_.info("camera: started {} (pid {}) on {}", kProgram, child.pid(), segment_.str());
    const bool was_told = follow(child);
    const std::string end = fmt::format("{} has ended: {}", kProgram, toolkit::describe_end(*child.status()));
    log_.info("camera: {}", end);
    if (!was_told) failed(last_complaint_.empty() ? end : last_complaint_);
    return was_told;
  } catch (const Error& error) {
    log_.warn("camera: {}", error.what());
    failed(error.what());
    return !is_wanted();
  }
}

/// Until it has ended; tells whether it was told to.
bool Camera::follow(toolkit::ChildProcess& child) {
  std::optional<Clock::time_point> patience_ends;  // from when on it should end
  bool is_to_end = false;
  while (!child.status()) {
    std::chrono::nanoseconds timeout = kForEver;
    if (patience_ends) timeout = child.is_silent() ? kEndInterval : *patience_ends - Clock::now();
    const Orders orders =
        wait_for_orders(child.is_silent() ? -1 : child.messages_fd(), std::max(timeout, 0ns));
    for (const std::string& line : child.read_lines()) relay(line);
    if (orders.is_hang_up) child.send_signal(SIGHUP);
    if (!is_to_end && (orders.is_end || !orders.wish)) {
      is_to_end = true;
      child.send_signal(SIGTERM);
    }
    // What has closed its standard error ends; nobody would hear of it otherwise.
    if (!patience_ends && (is_to_end || child.is_silent())) patience_ends = Clock::now() + kStopPatience;
    if (patience_ends && Clock::now() >= *patience_ends) child.send_signal(SIGKILL);
  }
  for (const std::string& line : child.read_lines()) relay(line);
  return is_to_end;
}

/// What shm-capture says: its own messages are JSON, those of libraries are not.
void Camera::relay(const std::string& line) {
  const auto said = toolkit::Json::parse(line, nullptr, false);
  const bool is_message = said.is_object() && said.contains("message") && said["message"].is_string();
  const std::string text = is_message ? said["message"].get<std::string>() : line;
  const bool has_level = is_message && said.contains("level") && said["level"].is_string();
  const std::string level = has_level ? said["level"].get<std::string>() : "warn";
  if (level == "error" || level == "warn") last_complaint_ = text;
  if (level == "error") return log_.error("camera: {}", text);
  if (level == "warn") return log_.warn("camera: {}", text);
  if (level == "info") return log_.info("camera: {}", text);
  log_.debug("camera: {}", text);
}

}  // namespace shmvideo::mjpeg

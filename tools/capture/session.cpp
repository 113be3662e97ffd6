// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

#include <utility>

#include "shmvideo/error.hpp"
#include "shmvideo/pixel_format.hpp"

namespace shmvideo::capture {
namespace {

using namespace std::chrono_literals;
using source::FillStatus;
using source::WaitStatus;

/// What the source's thread gets to end by itself; the segment must be gone within 100 ms.
constexpr auto kPatience = 40ms;
/// Who holds the gate is making a segment or fetching a picture. Neither can wait for a device.
constexpr auto kGatePatience = 2s;
/// A source that changes its format with every look has no format.
constexpr int kFormatChangesMax = 3;

}  // namespace

CaptureSession::CaptureSession(std::unique_ptr<source::FrameSource> source, SessionConfig config,
                               toolkit::Log& log, std::function<void()> on_end)
    : source_(std::move(source)), config_(std::move(config)), log_(log), on_end_(std::move(on_end)) {}

CaptureSession::~CaptureSession() {
  if (thread_.joinable()) thread_.join();
}

void CaptureSession::start() {
  thread_ = std::thread([this] { run(); });
}

bool CaptureSession::stop() {
  is_stopping_ = true;
  source_->interrupt();
  {
    std::unique_lock lock(state_mutex_);
    state_changed_.wait_for(lock, kPatience, [this] { return is_over_; });
    if (!is_over_) {
      lock.unlock();
      close_segment();
      return false;
    }
  }
  thread_.join();
  return true;
}

std::optional<std::chrono::steady_clock::time_point> CaptureSession::started_at() const {
  const std::lock_guard lock(state_mutex_);
  return started_at_;
}

Progress CaptureSession::progress() const {
  const std::lock_guard lock(state_mutex_);
  return {captured_, writer_ ? writer_->statistics() : WriterStatistics{}};
}

Outcome CaptureSession::outcome() const {
  const std::lock_guard lock(state_mutex_);
  if (failure_) std::rethrow_exception(failure_);
  return outcome_;
}

void CaptureSession::run() noexcept {
  Outcome outcome = Outcome::stopped;
  std::exception_ptr failure;
  try {
    if (open()) outcome = publish_all();
    if (outcome == Outcome::ended) writer_->set_source_state(SourceState::ended);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::cancelled) failure = std::current_exception();
  } catch (...) {
    failure = std::current_exception();
  }
  close_segment();
  {
    const std::lock_guard lock(state_mutex_);
    is_over_ = true;
    outcome_ = outcome;
    failure_ = failure;
    state_changed_.notify_all();
  }
  on_end_();
}

/// False if it was stopped meanwhile.
bool CaptureSession::open() {
  source_->open();
  const source::SourceDescription& description = source_->description();
  for (const std::string& note : description.notes) log_.info("{}", note);
  config_.writer.stream = description.stream;
  config_.writer.slot_capacity_bytes = description.payload_bytes;
  config_.writer.source = description.name;
  config_.writer.is_cancelled = [this] { return is_stopping_.load(); };

  const std::lock_guard gate(gate_);
  if (is_shut_) return false;
  auto writer = Writer::create(config_.name, config_.writer);
  {
    const std::lock_guard lock(state_mutex_);
    writer_ = std::move(writer);
    started_at_ = std::chrono::steady_clock::now();
  }
  tell_start();
  return true;
}

void CaptureSession::tell_start() const {
  const StreamInfo& stream = config_.writer.stream;
  const auto format = pixel_format_from_fourcc(stream.fourcc);
  const double rate =
      stream.fps_numerator > 0 ? static_cast<double>(stream.fps_numerator) / stream.fps_denominator : 0;
  const Place& place = writer_->place();
  if (place.is_private) log_.warn("falling back to {}: {}", place.directory.string(), place.reason);
  log_.info("publishing {} as {} in {}: {}x{} {}{}, {} slots", config_.writer.source, config_.name.str(),
            place.directory.string(), stream.width, stream.height, format ? info_of(*format).name : "?",
            rate > 0 ? fmt::format(" at {:g}/s", rate) : "", writer_->slots());
}

Outcome CaptureSession::publish_all() {
  while (!is_stopping_) {
    const WaitStatus status = source_->wait();
    switch (status) {
      case WaitStatus::frame:
        if (!publish_one()) return Outcome::stopped;
        if (config_.count && writer_->statistics().published >= *config_.count) return Outcome::counted;
        break;
      case WaitStatus::again:
        writer_->progress();
        break;
      case WaitStatus::interrupted:
        return Outcome::stopped;
      case WaitStatus::end:
      case WaitStatus::lost: {
        const std::lock_guard gate(gate_);
        if (!is_shut_) count_skipped();
        return status == WaitStatus::end ? Outcome::ended : Outcome::lost;
      }
    }
  }
  return Outcome::stopped;
}

void CaptureSession::count_skipped() {
  const std::uint64_t skipped = source_->skipped();
  const std::uint64_t fresh = skipped - std::exchange(skipped_, skipped);
  if (fresh == 0) return;
  captured_ += fresh;
  writer_->drop(DropCause::late, fresh);
}

/// False if the gate is shut.
bool CaptureSession::publish_one() {
  const std::lock_guard gate(gate_);
  if (is_shut_) return false;
  count_skipped();
  ++captured_;
  for (int change = 0; change <= kFormatChangesMax; ++change) {
    if (deliver_one()) return true;
    const source::SourceDescription& description = source_->description();
    log_.info("the picture is {}x{} now", description.stream.width, description.stream.height);
    writer_->reserve(description.stream, description.payload_bytes);
  }
  writer_->drop(DropCause::corrupt);
  return true;
}

/// False if the segment must be made for another format first; the frame is still there then.
bool CaptureSession::deliver_one() {
  Writer::Loan loan = writer_->loan();
  if (!loan) return true;  // counted by the writer
  FrameInfo info;
  info.number = writer_->statistics().latest + 1;
  switch (source_->fill(loan.bytes(), info)) {
    case FillStatus::filled:
      loan.publish(info);
      return true;
    case FillStatus::corrupt:
      writer_->drop(DropCause::corrupt);
      return true;
    case FillStatus::format_changed:
      break;
  }
  return false;
}

void CaptureSession::close_segment() noexcept {
  // By trying, not by a timed_mutex, whose locking ThreadSanitizer does not see. Taken or not after
  // this time: a segment that stays behind is worse.
  const auto deadline = std::chrono::steady_clock::now() + kGatePatience;
  std::unique_lock gate(gate_, std::try_to_lock);
  while (!gate.owns_lock() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(1ms);
    static_cast<void>(gate.try_lock());
  }
  is_shut_ = true;
  if (writer_) writer_->close();
}

}  // namespace shmvideo::capture

// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/recorder.hpp"

#include <utility>

namespace shmvideo::sink {

Recorder::Recorder(RecorderOptions options, EventLog log, std::function<void()> on_end)
    : pool_(options.queue_bytes),
      taker_(std::move(options.taking), pool_, log),
      files_(std::move(options.files), log),
      on_end_(std::move(on_end)) {}

Recorder::~Recorder() {
  stop();
  if (writing_.joinable()) writing_.join();
}

void Recorder::start() {
  taking_ = std::thread([this] { take_all(); });
  try {
    writing_ = std::thread([this] { write_all(); });
  } catch (...) {
    stop();
    taking_.join();
    throw;
  }
}

void Recorder::stop() noexcept {
  taker_.stop();
  pool_.refuse();
}

void Recorder::take_all() noexcept {
  try {
    taker_.run();
  } catch (...) {
    taking_failure_ = std::current_exception();
  }
  pool_.end();
}

void Recorder::write_all() noexcept {
  try {
    write_queue();
  } catch (...) {
    writing_failure_ = std::current_exception();
  }
  stop();
  taking_.join();  // so that its failure can be read
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    has_ended_.notify_all();
  }
  on_end_();
}

void Recorder::write_queue() {
  try {
    while (RecordedFrame* frame = pool_.pop()) {
      if (is_hurried_) {
        ++abandoned_;
      } else {
        files_.put(*frame);
      }
      pool_.give_back(frame);
    }
  } catch (...) {
    // What failed may be the frame, not the file: then the file can still have its end.
    try {
      files_.finish();
    } catch (...) {  // NOLINT: the first failure is the one to tell
    }
    throw;
  }
  files_.finish();
}

bool Recorder::wait_for_end(std::chrono::nanoseconds timeout) {
  std::unique_lock lock(mutex_);
  return has_ended_.wait_for(lock, timeout, [this] { return is_over_; });
}

RecordingProgress Recorder::progress() const noexcept {
  return {taker_.statistics(), files_.frames(), files_.bytes(), files_.files(), abandoned_};
}

void Recorder::rethrow_failure() const {
  if (writing_failure_) std::rethrow_exception(writing_failure_);
  if (taking_failure_) std::rethrow_exception(taking_failure_);
}

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
// Those who read, and check every word of every frame that they get.
#include <array>
#include <memory>
#include <thread>
#include <vector>

#include "roles.hpp"
#include "shmvideo/reader.hpp"
#include "support/patterned_frame.hpp"

namespace soak {
namespace {

using namespace shmvideo;
using namespace std::chrono_literals;

constexpr std::size_t kHeldAtOnce = 3;

/// One stay with a segment: from attaching to detaching.
class Visit {
 public:
  Visit(const Duty& duty, std::uint32_t which, const ReaderOptions& options)
      : ledger_(*duty.ledger),
        options_(options),
        reader_(Reader::attach(SegmentName(duty.names[which]), options)) {
    ++ledger_.attached;
  }
  ~Visit() {
    for (Frame& frame : held_) frame.release();
    count_restarts();
    reader_.reset();
    ++ledger_.detached;
  }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  /// The size of the frame that came; 0: none came in time.
  std::uint64_t take(std::chrono::nanoseconds timeout) {
    const std::uint64_t bytes = options_.grade == Grade::copy ? take_copy(timeout) : take_in_place(timeout);
    count_restarts();
    return bytes;
  }

  std::uint64_t restarts() const { return restarts_; }

 private:
  void note_status(ReadStatus status) {
    ledger_.deaths_told += status == ReadStatus::writer_gone;
    ledger_.ends_told += status == ReadStatus::closed;
  }

  void note_number(const FrameInfo& info) {
    // Numbers may begin anew where a writer closed before the next one came: with another generation.
    const std::uint64_t restarts = reader_->statistics().restarts;
    ledger_.went_back += restarts == number_restarts_ && info.number <= number_;
    number_restarts_ = restarts;
    number_ = info.number;
    ++ledger_.looked_at;
  }

  std::uint64_t take_copy(std::chrono::nanoseconds timeout) {
    FrameInfo info;
    const ReadStatus status = reader_->read_copy(copy_, info, timeout);
    note_status(status);
    if (status != ReadStatus::frame) return 0;
    note_number(info);
    ledger_.torn +=
        !shmvideo_test::has_pattern(std::span(copy_).first(info.payload_bytes), info.source_number);
    return info.payload_bytes;
  }

  /// Frames stay held for a while, so that there is something to be stopped or killed with.
  std::uint64_t take_in_place(std::chrono::nanoseconds timeout) {
    Frame& frame = held_[next_++ % kHeldAtOnce];
    const ReadStatus status = reader_->next(frame, timeout);
    note_status(status);
    if (status != ReadStatus::frame) return 0;
    note_number(frame.info());
    ledger_.held += frame.is_held();
    const bool is_whole = shmvideo_test::has_pattern(frame.bytes(), frame.info().source_number);
    const bool is_valid = frame.valid();
    ledger_.refused += !is_valid;
    ledger_.met_torn += !is_whole && !is_valid;
    ledger_.torn += !is_whole && is_valid;
    return frame.info().payload_bytes;
  }

  void count_restarts() {
    const std::uint64_t restarts = reader_->statistics().restarts;
    ledger_.restarts += restarts - restarts_;
    restarts_ = restarts;
  }

  Ledger& ledger_;
  const ReaderOptions options_;
  std::unique_ptr<Reader> reader_;
  std::array<Frame, kHeldAtOnce> held_;
  std::size_t next_ = 0;
  std::vector<std::byte> copy_;
  std::uint64_t number_ = 0;
  std::uint64_t number_restarts_ = 0;
  std::uint64_t restarts_ = 0;
};

ReaderOptions some_options(Chance& chance) {
  ReaderOptions options;
  options.grade = static_cast<Grade>(between(chance, SHMV_GRADE_OBSERVE, SHMV_GRADE_HOLD));
  options.order = between(chance, 0, 1) ? Order::in_order : Order::newest;
  options.start = between(chance, 0, 1) ? Start::oldest : Start::newest;
  options.attach_timeout = 20ms;
  options.present = between(chance, 0, 7) != 0;
  options.program = "soak";
  return options;
}

/// One visit of a visitor; its segment may be absent for a moment.
void visit(const Duty& duty, Chance& chance) {
  const auto which = static_cast<std::uint32_t>(between(chance, 0, 1));
  const std::uint64_t wanted = between(chance, 0, duty.visit_frames);
  try {
    Visit stay(duty, which, some_options(chance));
    for (std::uint64_t got = 0, waits = 0; got < wanted && waits < 4 && duty.ledger->phase == Phase::storm;) {
      if (stay.take(50ms))
        ++got;
      else
        ++waits;
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
  }
}

}  // namespace

int run_resident(const Duty& duty) {
  ReaderOptions options;
  options.order = duty.which ? Order::newest : Order::in_order;
  options.attach_timeout = 30s;
  options.program = "resident";
  Visit stay(duty, duty.which, options);
  while (duty.ledger->phase != Phase::end) {
    const std::uint64_t bytes = stay.take(50ms);
    duty.ledger->residents_restarts[duty.which] = stay.restarts();
    duty.ledger->residents_calm[duty.which] += bytes == first_size(duty) && duty.ledger->phase == Phase::calm;
  }
  return 0;
}

int run_regular(const Duty& duty) {
  Chance chance(duty.seed);
  while (duty.ledger->phase != Phase::end) {
    if (duty.ledger->phase == Phase::storm) {
      visit(duty, chance);
      ++duty.ledger->regular_visits;
    } else {
      std::this_thread::sleep_for(10ms);
    }
  }
  return 0;
}

int run_visitor(const Duty& duty) {
  Chance chance(duty.seed);
  const std::uint64_t visits = between(chance, 1, 60);
  for (std::uint64_t i = 0; i < visits && duty.ledger->phase == Phase::storm; ++i) visit(duty, chance);
  return 0;
}

}  // namespace soak

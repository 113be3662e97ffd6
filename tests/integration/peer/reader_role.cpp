// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <sstream>

#include "peer/options.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/reader.hpp"
#include "support/patterned_frame.hpp"
#include "tally.hpp"

namespace shmvideo_test {
namespace {

using namespace shmvideo;
using std::chrono::milliseconds;

unsigned long long now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<unsigned long long>(now.tv_sec) * 1'000'000'000U +
         static_cast<unsigned long long>(now.tv_nsec);
}

class ReaderRole {
 public:
  explicit ReaderRole(const PeerOptions& options) {
    ReaderOptions wanted;
    const std::string grade = options.text("grade", "hold");
    wanted.grade = grade == "observe" ? Grade::observe : grade == "copy" ? Grade::copy : Grade::hold;
    wanted.order = options.has("in_order") ? Order::in_order : Order::newest;
    wanted.start = options.has("oldest") ? Start::oldest : Start::newest;
    wanted.attach_timeout = milliseconds(options.number("attach_ms", 0));
    wanted.present = options.number("present", 1) != 0;
    wanted.follow = options.number("follow", 1) != 0;
    wanted.program = "peer";
    grade_ = wanted.grade;
    reader_ = Reader::attach(SegmentName(options.name), wanted);
  }

  /// Reads until it is killed or its input ends, and tells the tally what it met.
  void run_freely(Tally& tally) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    while (::poll(&input, 1, 0) == 0) {
      if (grade_ == Grade::copy)
        take_copy(tally);
      else
        take_in_place(tally);
      const std::uint64_t restarts = reader_->statistics().restarts;
      tally.restarts += restarts - restarts_;
      restarts_ = restarts;
    }
  }

  void obey(const std::string& command, std::uint64_t argument) {
    if (command == "next") return next(milliseconds(argument));
    if (command == "look") return look();
    if (command == "keep") kept_.push_back(std::move(frame_));
    if (command == "kept") return tell_kept();
    if (command == "release") kept_.clear();
    if (command == "poll") return wait_for_event(static_cast<int>(argument));
    if (command == "state") return static_cast<void>(std::printf("state %s\n", to_string(reader_->state())));
    const ReaderStatistics s = reader_->statistics();
    std::printf("ok seen=%llu missed=%llu torn=%llu revoked=%llu restarts=%llu present=%d width=%u\n",
                static_cast<unsigned long long>(s.seen), static_cast<unsigned long long>(s.missed),
                static_cast<unsigned long long>(s.torn), static_cast<unsigned long long>(s.revoked),
                static_cast<unsigned long long>(s.restarts), s.is_present, reader_->stream().width);
  }

 private:
  void next(milliseconds timeout) {
    const ReadStatus status = reader_->next(frame_, timeout);
    if (status == ReadStatus::frame) return look();
    std::printf("%s at=%llu\n", to_string(status), now_ns());
  }

  void look() {
    const FrameInfo& info = frame_.info();
    const bool whole = has_pattern(frame_.bytes(), info.source_number);
    std::printf("frame number=%llu seed=%llu whole=%d valid=%d held=%d generation=%llu bytes=%zu at=%llu\n",
                static_cast<unsigned long long>(info.number),
                static_cast<unsigned long long>(info.source_number), whole, frame_.valid(), frame_.is_held(),
                static_cast<unsigned long long>(info.generation), frame_.bytes().size(), now_ns());
  }

  void tell_kept() {
    int whole = 0;
    int valid = 0;
    for (const Frame& frame : kept_) {
      whole += has_pattern(frame.bytes(), frame.info().source_number);
      valid += frame.valid();
    }
    std::printf("ok kept=%zu whole=%d valid=%d\n", kept_.size(), whole, valid);
  }

  void wait_for_event(int timeout_ms) {
    pollfd event{reader_->event_fd(), POLLIN, 0};
    const int ready = ::poll(&event, 1, timeout_ms);
    std::uint64_t count = 0;
    if (ready == 1 && ::read(event.fd, &count, sizeof count) != sizeof count) count = 0;
    std::printf("ok ready=%d at=%llu\n", ready, now_ns());
  }

  void note_number(const FrameInfo& info, Tally& tally) {
    if (info.number <= last_number_) ++tally.went_back;
    last_number_ = info.number;
    ++tally.frames;
    std::uint64_t longest = tally.longest_frame;
    while (longest < info.payload_bytes &&
           !tally.longest_frame.compare_exchange_weak(longest, info.payload_bytes)) {
    }
  }

  /// A picture that is not as large as it says, or not as the segment promises.
  bool is_misdescribed(const Frame& frame) const {
    const FrameInfo& info = frame.info();
    if (info.fourcc != info_of(PixelFormat::bgr24).fourcc) return false;
    return !as_picture(info, frame.bytes()) ||
           frame.bytes().size() != std::size_t{3} * info.width * info.height ||
           reader_->stream().width != info.width;
  }

  void take_copy(Tally& tally) {
    FrameInfo info;
    const ReadStatus status = reader_->read_copy(copy_, info, milliseconds(20));
    if (status == ReadStatus::writer_gone) ++tally.gone;
    const std::uint64_t torn = reader_->statistics().torn;
    tally.refused += torn - torn_;
    torn_ = torn;
    if (status != ReadStatus::frame) return;
    note_number(info, tally);
    ++tally.copied;
    if (!has_pattern(std::span(copy_).first(info.payload_bytes), info.source_number)) ++tally.torn_accepted;
  }

  void take_in_place(Tally& tally) {
    const ReadStatus status = reader_->next(frame_, milliseconds(20));
    if (status == ReadStatus::writer_gone) ++tally.gone;
    if (status != ReadStatus::frame) return;
    note_number(frame_.info(), tally);
    tally.misdescribed += is_misdescribed(frame_);
    tally.held += frame_.is_held();
    const bool whole = has_pattern(frame_.bytes(), frame_.info().source_number);
    const bool valid = frame_.valid();
    tally.refused += !valid;
    tally.holds_lost += frame_.is_held() && !valid;
    tally.torn_met += !whole && !valid;
    tally.torn_accepted += !whole && valid;
  }

  Grade grade_ = Grade::hold;
  std::unique_ptr<Reader> reader_;
  Frame frame_;
  std::vector<Frame> kept_;
  std::vector<std::byte> copy_;
  std::uint64_t last_number_ = 0;
  std::uint64_t restarts_ = 0;
  std::uint64_t torn_ = 0;
};

}  // namespace

int run_reader(const PeerOptions& options) {
  wait_for_word(options);
  ReaderRole role(options);
  std::printf("ready pid=%d\n", ::getpid());
  if (options.has("tally")) {
    role.run_freely(*SharedTally::map(static_cast<int>(options.number("tally", 0))));
    return 0;
  }
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string command;
    std::uint64_t argument = 0;
    words >> command >> argument;
    role.obey(command, argument);
  }
  return 0;
}

}  // namespace shmvideo_test

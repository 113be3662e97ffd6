// SPDX-License-Identifier: Apache-2.0
// A writer of patterned frames whose sizes change.
#include <signal.h>

#include <atomic>
#include <thread>

#include "roles.hpp"
#include "shmvideo/writer.hpp"
#include "support/patterned_frame.hpp"

namespace soak {
namespace {

using namespace shmvideo;
using namespace std::chrono_literals;

std::atomic<bool> is_told_to_end{false};

class SoakWriter {
 public:
  SoakWriter(const Duty& duty, bool is_first) : duty_(duty), chance_(duty.seed) {
    WriterOptions options;
    bytes_ = is_first || is_calm() ? first_size(duty) : some_size();
    options.slots = is_first || is_calm() ? kFirstSlots : static_cast<std::uint32_t>(between(chance_, 2, 6));
    options.slot_capacity_bytes = bytes_;
    options.stream = stream_of(bytes_);
    options.program = "soak";
    options.source = "numbers";
    writer_ = Writer::create(SegmentName(duty.names[duty.which]), options);
    ++duty.ledger->generations;
  }

  void run() {
    while (duty_.ledger->phase != Phase::end && !is_told_to_end) {
      if (is_calm()) {
        resize(first_size(duty_));
        publish_one();
        std::this_thread::sleep_for(5ms);
      } else {
        if (between(chance_, 0, 299) == 0) resize(some_size());
        publish_one();
        pause();
      }
    }
    writer_->close();
  }

 private:
  bool is_calm() const { return duty_.ledger->phase == Phase::calm; }
  std::uint64_t some_size() { return between(chance_, 512, duty_.frame_bytes / 8) * 8; }
  static StreamInfo stream_of(std::uint64_t bytes) {
    StreamInfo stream;
    stream.width = static_cast<std::uint32_t>(bytes % 60000);  // so that each size is a promise of its own
    return stream;
  }

  void resize(std::uint64_t bytes) {
    if (bytes == bytes_) return;
    writer_->reserve(stream_of(bytes), bytes);
    bytes_ = bytes;
    ++duty_.ledger->generations;
    duty_.ledger->resizes += duty_.which == 0;
  }

  void publish_one() {
    auto loan = writer_->loan();
    if (!loan) {
      ++duty_.ledger->no_slot;
      return;
    }
    // The seed tells frames of one number but of two writers apart.
    const std::uint64_t seed = duty_.seed << 32 | (writer_->statistics().latest + 1);
    shmvideo_test::fill_pattern(loan.bytes().first(bytes_), seed);
    duty_.ledger->published +=
        loan.publish(shmvideo_test::opaque_info(bytes_, seed)) == PublishStatus::published;
  }

  void pause() {
    constexpr std::uint64_t kBurst = 8;
    if (duty_.rate > 0)
      std::this_thread::sleep_for(std::chrono::duration<double>(1 / duty_.rate));
    else if (between(chance_, 0, kBurst - 1) == 0)
      std::this_thread::sleep_for(200us);
  }

  const Duty& duty_;
  Chance chance_;
  std::uint64_t bytes_ = 0;
  std::unique_ptr<Writer> writer_;
};

}  // namespace

int run_writer(const Duty& duty, bool is_first) {
  ::signal(SIGTERM, [](int) { is_told_to_end = true; });
  SoakWriter(duty, is_first).run();
  return 0;
}

}  // namespace soak

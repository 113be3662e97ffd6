// SPDX-License-Identifier: Apache-2.0
// Promise 1, the hunt for torn frames: every byte of a frame tells its number; the writer overwrites at full
// speed in few slots; readers and the writer are killed and stopped at random.
#include <optional>
#include <thread>

#include "chaos.hpp"
#include "process.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"
#include "tally.hpp"

using namespace shmvideo_test;
using namespace std::chrono_literals;

namespace {

/// The processes of a hunt, and what may happen to them.
class Hunt {
 public:
  Hunt() {
    for (std::size_t i = 0; i < kReaders; ++i) readers_.emplace_back(start_reader(i));
  }

  void one_blow() {
    const std::uint64_t dice = chaos_.below(100);
    const std::size_t i = chaos_.below(kReaders);
    if (dice < 35)
      replace_reader(i);
    else if (dice < 70)
      stop_or_resume(i);
    else if (dice < 80)
      replace_writer();
    else
      stop_and_resume_writer();
  }

  void calm_down() {
    for (std::size_t i = 0; i < kReaders; ++i)
      if (stopped_[i]) stop_or_resume(i);
  }

  /// Ends everybody but a last writer, which ends in good order.
  void finish() {
    readers_.clear();
    writer_.reset();
    Peer last({"write", "name"});
    REQUIRE(last.line().starts_with("ready"));
    CHECK(last.ask("publish 3").starts_with("ok"));
    CHECK(last.finish() == 0);
  }

  SharedTally tally;
  int killed_readers = 0;
  int killed_writers = 0;
  int stops = 0;

 private:
  static constexpr std::size_t kReaders = 6;

  Peer start_reader(std::size_t i) {
    static const char* const kGrades[] = {"grade=observe", "grade=copy", "grade=hold"};
    return Peer({"read", "name", kGrades[i % 3], "attach_ms=20000", "tally=" + std::to_string(tally.fd()),
                 i < 3 ? "order=newest" : "in_order"});
  }

  std::optional<Peer> start_writer() {
    // Two slots are the fewest: each frame but the newest is being overwritten.
    std::optional<Peer> writer(
        Peer({"write", "name", "free", "slots=" + std::to_string(2 + chaos_.below(2)), "bytes=131072"}));
    return writer;
  }

  void replace_reader(std::size_t i) {
    readers_[i].kill();
    ++killed_readers;
    stopped_[i] = false;
    readers_[i] = start_reader(i);
  }

  void stop_or_resume(std::size_t i) {
    if (stopped_[i]) {
      readers_[i].resume();
    } else {
      readers_[i].stop();
      ++stops;
    }
    stopped_[i] = !stopped_[i];
  }

  void replace_writer() {
    writer_->kill();
    ++killed_writers;
    writer_ = start_writer();
  }

  void stop_and_resume_writer() {
    writer_->stop();
    ++stops;
    std::this_thread::sleep_for(std::chrono::microseconds(chaos_.below(5000)));
    writer_->resume();
  }

  Chaos chaos_;
  std::optional<Peer> writer_ = start_writer();
  std::vector<Peer> readers_;
  bool stopped_[kReaders] = {};

 public:
  std::uint64_t pause_us() { return chaos_.below(20'000); }
};

}  // namespace

TEST_CASE("torn frames are met, and never taken for good ones", "[promises]") {
  TempPlace place;
  Hunt hunt;
  const Tally& seen = *hunt.tally.operator->();
  const auto has_seen_all = [&] {
    return seen.torn_met > 0 && seen.held > 0 && seen.copied > 0 && seen.restarts > 0 &&
           hunt.killed_readers > 0 && hunt.killed_writers > 0 && hunt.stops > 0;
  };
  const auto begin = std::chrono::steady_clock::now();
  const auto end = begin + std::chrono::duration<double>(stress_seconds(10));
  // What a storm is for must have happened in it: on a busy machine it takes as long as that takes.
  const auto given_up = end + 2 * kPatience;
  for (auto now = begin; now < end || (!has_seen_all() && now < given_up);
       now = std::chrono::steady_clock::now()) {
    std::this_thread::sleep_for(std::chrono::microseconds(hunt.pause_us()));
    hunt.one_blow();
  }
  hunt.calm_down();
  CHECK(has_seen_all());
  std::cout << "torn frames: " << seen.frames << " frames looked at (" << seen.held << " held, "
            << seen.copied << " copied), " << seen.torn_met << " torn met, " << seen.refused << " refused, "
            << seen.torn_accepted << " accepted; " << hunt.killed_readers << " readers and "
            << hunt.killed_writers << " writers killed, " << hunt.stops << " stopped, " << seen.restarts
            << " restarts followed\n";
  CHECK(seen.torn_accepted == 0);
  CHECK(seen.went_back == 0);
  CHECK(seen.refused >= seen.torn_met);
  hunt.finish();
  CHECK(place.files() == 0);
}

TEST_CASE("holds are honoured as long as there is another slot", "[promises]") {
  TempPlace place;
  SharedTally tally;
  // Small frames at full speed: slots come round while a reader is still saying that it holds one.
  Peer writer({"write", "name", "free", "slots=4", "bytes=512"});
  REQUIRE(writer.line().starts_with("ready"));
  std::vector<Peer> readers;
  for (int i = 0; i < 2; ++i)
    readers.push_back(Peer({"read", "name", "grade=hold", "tally=" + std::to_string(tally.fd())}));
  for (Peer& reader : readers) REQUIRE(reader.line().starts_with("ready"));
  std::this_thread::sleep_for(std::chrono::duration<double>(stress_seconds(10) / 5));
  CHECK(eventually([&] { return tally->held > 1000; }));
  std::cout << "holds: " << tally->frames << " frames, " << tally->held << " held, " << tally->holds_lost
            << " lost\n";
  CHECK(tally->holds_lost == 0);
  CHECK(tally->torn_accepted == 0);
  readers.clear();
  writer.kill();
}

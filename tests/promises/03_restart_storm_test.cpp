// SPDX-License-Identifier: Apache-2.0
// Promise 3: readers that stay attached while writer after writer is killed and started again with another
// size.
#include <thread>

#include "chaos.hpp"
#include "process.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"
#include "tally.hpp"

using namespace shmvideo_test;
using namespace std::chrono_literals;

TEST_CASE("readers stay attached through a storm of restarts with changing sizes", "[promises]") {
  TempPlace place;
  SharedTally tally;
  Chaos chaos;
  std::vector<Peer> readers;
  for (const char* grade : {"grade=observe", "grade=copy", "grade=hold"})
    for (const char* order : {"newest", "in_order"})
      readers.push_back(
          Peer({"read", "name", grade, order, "attach_ms=20000", "tally=" + std::to_string(tally.fd())}));
  const int writers = static_cast<int>(stress_seconds(6) * 15);
  for (int i = 0; i < writers; ++i) {
    const std::uint64_t bytes = 4096 * (1 + chaos.below(64));
    const std::uint64_t before = tally->restarts;
    Peer writer({"write", "name", "free", "gap_us=300", "slots=" + std::to_string(2 + chaos.below(5)),
                 "bytes=" + std::to_string(bytes)});
    REQUIRE(writer.line().starts_with("ready"));
    // Some die at once, some when everybody has seen them.
    if (i % 2 == 0) {
      const std::size_t enough = readers.size() / 2;
      CHECK(eventually([&] { return i == 0 || tally->restarts >= before + enough; }));
    } else {
      std::this_thread::sleep_for(std::chrono::microseconds(chaos.below(20'000)));
    }
    writer.kill();
  }
  CHECK(eventually([&] { return tally->gone > 0; }));
  Peer last({"write", "name", "bytes=1048576"});
  REQUIRE(last.line().starts_with("ready"));
  // Each frame of the last writer's is awaited, so that all are seen to have arrived at it.
  CHECK(eventually([&] {
    last.ask("publish 1");
    return tally->longest_frame == 1048576;
  }));
  std::cout << "restart storm: " << writers << " writers killed, " << tally->restarts
            << " restarts followed by " << readers.size() << " readers, " << tally->frames << " frames, "
            << tally->gone << " deaths told, " << tally->refused << " refused\n";
  CHECK(tally->torn_accepted == 0);
  CHECK(tally->went_back == 0);
  CHECK(tally->restarts > static_cast<std::uint64_t>(writers));
  for (Peer& reader : readers) CHECK(reader.line().starts_with("ready"));
  readers.clear();
  CHECK(last.finish() == 0);
  CHECK(place.files() == 0);
}

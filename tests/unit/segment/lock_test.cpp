// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "segment/name_lock.hpp"
#include "segment_files.hpp"
#include "shmvideo/error.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo_test;

namespace {

StreamUuid uuid_of(std::uint8_t value) {
  StreamUuid uuid{};
  uuid[0] = value;
  return uuid;
}

}  // namespace

TEST_CASE("a name is locked once, until it is let go", "[segment]") {
  TempPlace place;
  const SegmentPaths paths(place.path(), "name");
  {
    NameLock lock = NameLock::acquire(paths, uuid_of(1));
    CHECK_THROWS_AS(NameLock::acquire(paths, uuid_of(2)), Error);
    lock.unlink(paths);
    // The name is free for others, who make a file of their own.
    NameLock other = NameLock::acquire(paths, uuid_of(2));
    lock.unlink(paths);
    CHECK(place.files() == 1);
    other.unlink(paths);
  }
  CHECK(place.files() == 0);
}

TEST_CASE("a lock without a segment of its holder's is not taken over, whatever stands under the name",
          "[segment]") {
  TempPlace place;
  const SegmentPaths paths(place.path(), "name");
  make_segment(place.path(), "name");  // of a writer that is dead, and was another
  const NameLock lock = NameLock::acquire(paths, uuid_of(1));
  CHECK_THROWS_AS(NameLock::acquire(paths, uuid_of(2)), Error);
}

TEST_CASE("the lock of a holder whose segment says that it is dead is taken over", "[segment]") {
  TempPlace place;
  const SegmentPaths paths(place.path(), "name");
  SegmentPlan plan = plan_of("name");
  plan.stream_uuid[0] = 1;
  CreatedSegment dead(paths, plan, nullptr);  // nobody owns it: as after its writer's death
  dead.publish_name();
  const NameLock inherited = NameLock::acquire(paths, uuid_of(1));
  NameLock lock = NameLock::acquire(paths, uuid_of(2));
  CHECK_THROWS_AS(NameLock::acquire(paths, uuid_of(3)), Error);
  lock.unlink(paths);
  CHECK(place.files() == 1);
}

TEST_CASE("a lock file with anything in it is a lock file", "[segment]") {
  TempPlace place;
  const SegmentPaths paths(place.path(), "name");
  write_file(paths.lock, std::vector<char>(5000, 'x'));
  const NameLock lock = NameLock::acquire(paths, uuid_of(1));
  CHECK_THROWS_AS(NameLock::acquire(paths, uuid_of(2)), Error);
}

TEST_CASE("of many threads that want a name one at a time has it", "[segment]") {
  TempPlace place;
  const SegmentPaths paths(place.path(), "name");
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (int round = 0; round < 1000; ++round) {
        try {
          NameLock lock = NameLock::acquire(paths, uuid_of(static_cast<std::uint8_t>(i + 1)),
                                            std::chrono::milliseconds(0));
          if (++inside > 1) most = 2;
          ++taken;
          std::this_thread::yield();
          --inside;
          // As at a clean end, where the next ones may have opened the file already.
          if (round % 4) lock.unlink(paths);
        } catch (const Error&) {
          // Not our turn.
        }
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(most < 2);
  CHECK(taken > 0);
}

TEST_CASE("of many threads that take a dead holder's lock over at once one succeeds", "[segment]") {
  for (int round = 0; round < 60; ++round) {
    TempPlace place;
    const SegmentPaths paths(place.path(), "name");
    SegmentPlan plan = plan_of("name", 2, 4096);
    plan.stream_uuid[0] = 1;
    CreatedSegment dead(paths, plan, nullptr);
    dead.publish_name();
    const NameLock inherited = NameLock::acquire(paths, uuid_of(1));
    std::atomic<int> ready{0};
    std::atomic<int> winners{0};
    std::vector<std::thread> threads;
    std::mutex mutex;
    std::vector<NameLock> locks;  // kept, as by writers
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([&, i] {
        for (++ready; ready < 3;) std::this_thread::yield();
        try {
          NameLock lock = NameLock::acquire(paths, uuid_of(static_cast<std::uint8_t>(i + 2)),
                                            std::chrono::milliseconds(0));
          ++winners;
          const std::lock_guard guard(mutex);
          locks.push_back(std::move(lock));
        } catch (const Error&) {
          // Refused.
        }
      });
    for (std::thread& thread : threads) thread.join();
    REQUIRE(winners == 1);
  }
}

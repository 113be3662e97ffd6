// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/frame_pool.hpp"

#include <chrono>
#include <set>
#include <thread>
#include <vector>

#include "support/catch.hpp"

using namespace shmvideo::sink;
using namespace std::chrono_literals;

TEST_CASE("frames come out in the order in which they went in, and serve again") {
  FramePool pool(1U << 20U);
  bool had_to_wait = false;
  RecordedFrame* first = pool.take_empty(1000, 0ns, &had_to_wait);
  REQUIRE(first);
  RecordedFrame* second = pool.take_empty(1000, 0ns, &had_to_wait);
  REQUIRE(second);
  pool.push(second);
  pool.push(first);
  CHECK(pool.pop() == second);
  pool.give_back(second);
  CHECK(pool.take_empty(1000, 0ns, &had_to_wait) == second);
  CHECK(pool.pop() == first);
  pool.end();
  CHECK(pool.pop() == nullptr);
  CHECK_FALSE(had_to_wait);
}

TEST_CASE("no more frames wait than the memory allows, but always a few") {
  for (const auto& [bytes, frames] :
       {std::pair<std::uint64_t, std::size_t>{10'000, 10}, {1, 4}, {1U << 30U, 256}}) {
    FramePool pool(bytes);
    std::set<RecordedFrame*> taken;
    bool had_to_wait = false;
    while (RecordedFrame* frame = pool.take_empty(1000, 1ms, &had_to_wait)) taken.insert(frame);
    CHECK(taken.size() == frames);
    CHECK(had_to_wait);
  }
}

TEST_CASE("larger frames make fewer of them") {
  FramePool pool(100'000);
  bool had_to_wait = false;
  std::vector<RecordedFrame*> taken;
  for (int i = 0; i < 100; ++i) taken.push_back(pool.take_empty(1000, 0ns, &had_to_wait));
  REQUIRE(taken.back());
  for (RecordedFrame* frame : taken) pool.give_back(frame);
  taken.clear();
  while (RecordedFrame* frame = pool.take_empty(10'000, 1ms, &had_to_wait)) {
    CHECK(frame->memory.capacity() >= 10'000);
    taken.push_back(frame);
  }
  CHECK(taken.size() == 10);
}

TEST_CASE("who waits for an empty frame gets the one that is given back, or none when it is refused") {
  FramePool pool(1);
  bool had_to_wait = false;
  std::vector<RecordedFrame*> taken;
  for (int i = 0; i < 4; ++i) taken.push_back(pool.take_empty(1000, 0ns, &had_to_wait));
  std::thread giver([&] { pool.give_back(taken[2]); });
  CHECK(pool.take_empty(1000, 30s, &had_to_wait) == taken[2]);
  giver.join();
  std::thread refuser([&] { pool.refuse(); });
  CHECK(pool.take_empty(1000, 30s, &had_to_wait) == nullptr);
  refuser.join();
}

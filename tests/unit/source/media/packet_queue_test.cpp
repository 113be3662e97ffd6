// SPDX-License-Identifier: Apache-2.0
#include "source/libav/packet_queue.hpp"

#include <chrono>
#include <thread>

#include "support/catch.hpp"

using namespace shmvideo::source::media;
namespace av = shmvideo::codec::libav;

namespace {

constexpr std::int64_t kMs = 1'000'000;

std::int64_t in_ms(int milliseconds) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
             .count() +
         milliseconds * kMs;
}

/// Packets are told apart by when they arrived.
struct Feed {
  explicit Feed(const PacketQueue::Rules& rules) { queue.set_rules(rules); }
  bool push(std::int64_t time, bool is_key = false) { return queue.push(*packet, is_key, time * kMs); }
  /// When the next packet arrived, -1 for none.
  std::int64_t pop() {
    status = queue.pop(into, in_ms(0));
    return status == PopStatus::packet ? into.arrival_ns / kMs : -1;
  }
  PacketQueue queue;
  av::Owned<AVPacket> packet = av::make_packet();
  QueuedPacket into;
  PopStatus status{};
};

}  // namespace

TEST_CASE("packets come in order, then the end, again and again") {
  Feed feed({});
  CHECK(feed.pop() == -1);
  CHECK(feed.status == PopStatus::timeout);
  for (int i = 0; i < 3; ++i) CHECK(feed.push(i));
  feed.queue.push_end_of_pass();
  feed.push(3);
  feed.queue.finish("");
  for (int i = 0; i < 3; ++i) CHECK(feed.pop() == i);
  CHECK(feed.pop() == -1);
  CHECK(feed.status == PopStatus::end_of_pass);
  CHECK(feed.pop() == 3);
  for (int i = 0; i < 2; ++i) {
    CHECK(feed.pop() == -1);
    CHECK(feed.status == PopStatus::end);
  }
  feed.queue.finish("unplugged");
  CHECK(feed.pop() == -1);
  CHECK(feed.status == PopStatus::lost);
  CHECK(feed.queue.loss() == "unplugged");
}

TEST_CASE("what is recorded waits for room, and for an interruption") {
  Feed feed({.capacity = 4});
  for (int i = 0; i < 4; ++i) feed.push(i);
  bool is_in = false;
  std::thread other([&] { is_in = feed.push(4); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  for (int i = 0; i < 4; ++i) CHECK(feed.pop() == i);
  CHECK(feed.queue.pop(feed.into, in_ms(20'000)) == PopStatus::packet);
  other.join();
  CHECK(is_in);
  for (int i = 0; i < 4; ++i) feed.push(i);
  std::thread waiting([&] { is_in = feed.push(9); });
  feed.queue.interrupt();
  waiting.join();
  CHECK_FALSE(is_in);
  CHECK(feed.pop() == -1);
  CHECK(feed.status == PopStatus::interrupted);
}

TEST_CASE("a live stream of independent pictures loses the oldest, and says how many") {
  Feed feed({.is_live = true, .is_intra_only = true, .capacity = 4});
  for (int i = 0; i < 10; ++i) feed.push(i, true);
  CHECK(feed.pop() == 6);
  CHECK(feed.into.dropped_before == 6);
  CHECK(feed.pop() == 7);
  CHECK(feed.into.dropped_before == 0);
}

TEST_CASE("packets that nobody fetched for too long are dropped") {
  Feed feed({.is_live = true, .is_intra_only = true, .capacity = 100, .age_max_ns = 500 * kMs});
  for (int i = 0; i <= 1000; i += 100) feed.push(i, true);
  CHECK(feed.pop() == 500);
  CHECK(feed.into.dropped_before == 5);
}

TEST_CASE("a live stream whose pictures need each other is dropped up to a key") {
  Feed feed({.is_live = true, .capacity = 4});
  for (int i = 0; i < 4; ++i) feed.push(i, i == 0);
  for (int i = 4; i < 8; ++i) feed.push(i);  // no room: all of them go, and what follows
  CHECK(feed.pop() == -1);
  CHECK(feed.status == PopStatus::timeout);
  feed.push(8, true);
  feed.push(9);
  CHECK(feed.pop() == 8);
  CHECK(feed.into.dropped_before == 8);
  CHECK(feed.pop() == 9);
  CHECK(feed.into.dropped_before == 0);
}

TEST_CASE("a key that comes when there is no room takes the place of all before it") {
  Feed feed({.is_live = true, .capacity = 4});
  for (int i = 0; i < 4; ++i) feed.push(i, i == 0);
  feed.push(4, true);
  CHECK(feed.pop() == 4);
  CHECK(feed.into.dropped_before == 4);
}

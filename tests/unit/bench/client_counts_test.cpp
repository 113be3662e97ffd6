// SPDX-License-Identifier: Apache-2.0
#include "ledger/client_counts.hpp"

#include <memory>

#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::bench;

namespace {

/// A client whose frames are published at 10 ns for each number, and looked at 3 ns later.
struct Account {
  Account(std::uint64_t from_ns, std::uint64_t until_ns) {
    window.from_ns.set(from_ns);
    window.until_ns.set(until_ns);
  }
  void take(std::uint64_t number, bool is_whole = true, Finding finding = Finding::good,
            std::uint64_t restarts = 0, std::uint64_t time = 0) {
    FrameInfo info;
    info.number = number;
    info.publish_monotonic_ns = time ? time : number * 10;
    counts.arrive(info, restarts, info.publish_monotonic_ns + 3);
    counts.conclude(is_whole, finding);
  }
  std::unique_ptr<ClientPage> page = std::make_unique<ClientPage>();
  Window window{};
  ClientCounts counts{*page, window, 0};
};

}  // namespace

TEST_CASE("frames of the window count, and those outside it do not") {
  Account account(50, 100);
  for (std::uint64_t number = 1; number <= 12; ++number) account.take(number);
  CHECK(account.page->frames.get() == 5);
  CHECK(account.page->checked.get() == 5);
  CHECK(account.page->missed.get() == 0);
  CHECK(account.page->latencies().count() == 5);
  CHECK(account.page->latencies().max_ns() == 3);
  CHECK(account.page->attached_ns.get() == 50);
  CHECK(account.page->last_frame_ns.get() == 123);
}

TEST_CASE("a gap in the numbers is missed frames, but not before the window") {
  Account account(50, 200);
  for (const std::uint64_t number : {1, 3, 6, 9, 10}) account.take(number);
  CHECK(account.page->frames.get() == 3);
  CHECK(account.page->missed.get() == 2);  // 7 and 8; nobody counts 2, 4 and 5
}

TEST_CASE("an overwritten frame is missed, and not judged by what was found in it") {
  Account account(0, 1000);
  account.take(1);
  account.take(2, false, Finding::torn);
  CHECK(account.page->frames.get() == 1);
  CHECK(account.page->missed.get() == 1);
  CHECK(account.page->overwritten.get() == 1);
  CHECK(account.page->torn.get() == 0);
}

TEST_CASE("torn and misnumbered frames count outside the window too") {
  Account account(1000, 2000);
  account.take(1, true, Finding::torn);
  account.take(2, true, Finding::misnumbered);
  CHECK(account.page->torn.get() == 1);
  CHECK(account.page->misnumbered.get() == 1);
  CHECK(account.page->frames.get() == 0);
}

TEST_CASE("a frame that is no newer than the last is out of order, except from a new writer") {
  Account account(0, 1000);
  account.take(7);
  account.take(7);
  account.take(6);
  CHECK(account.page->disordered.get() == 2);
  account.take(1, true, Finding::good, 1, 90);
  account.take(2, true, Finding::good, 1, 95);
  CHECK(account.page->disordered.get() == 2);
  CHECK(account.page->restarts.get() == 1);
  CHECK(account.page->missed.get() == 0);
}

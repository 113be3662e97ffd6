// SPDX-License-Identifier: Apache-2.0
#include "sink/http/seat.hpp"

#include <optional>
#include <utility>

#include "support/catch.hpp"

using namespace shmvideo::sink;

TEST_CASE("seats are counted in all and by address, and given back once") {
  Traffic traffic;
  std::optional<Seat> first(Seat(traffic, "a"));
  Seat second(traffic, "a");
  Seat nobodys(traffic, "");
  CHECK(traffic.open == 3);
  CHECK(Seat::count(traffic, "a") == 2);
  Seat moved(std::move(second));
  first = std::move(moved);  // gives its own back
  CHECK(traffic.open == 2);
  CHECK(Seat::count(traffic, "a") == 1);
  first.reset();
  CHECK(traffic.open == 1);
  CHECK(traffic.open_by_address.empty());
}

TEST_CASE("a stream's seat counts as one until it is given back") {
  Traffic traffic;
  {
    Seat seat(traffic, "a");
    seat.belong_to_stream();
    seat.belong_to_stream();
    const Seat moved(std::move(seat));
    CHECK(traffic.streams == 1);
  }
  CHECK(traffic.streams == 0);
  CHECK(traffic.open == 0);
}

TEST_CASE("a seat may come to count for somebody else") {
  Traffic traffic;
  {
    Seat seat(traffic, "");
    seat.sit_for("a");
    CHECK(Seat::count(traffic, "a") == 1);
    seat.sit_for("b");
    CHECK(Seat::count(traffic, "a") == 0);
    CHECK(Seat::count(traffic, "b") == 1);
    seat.sit_for("");
    CHECK(traffic.open_by_address.empty());
    CHECK(traffic.open == 1);
  }
  CHECK(traffic.open == 0);
  Seat empty;
  empty.sit_for("a");
  CHECK(traffic.open_by_address.empty());
}

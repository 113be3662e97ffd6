// SPDX-License-Identifier: Apache-2.0
// When a server does not get the frames that there are.
#include "sink/mjpeg/reports/intake.hpp"

#include "support/catch.hpp"

using namespace std::chrono_literals;
using shmvideo::sink::Intake;

namespace {

const Intake::Clock::time_point kStart = Intake::Clock::time_point() + 1h;

}  // namespace

TEST_CASE(
    "frames that are published, wanted and not received are missing from the first look on that tells") {
  Intake intake;
  intake.look({true, 10, 100}, kStart);
  intake.look({true, 10, 100}, kStart + 1s);
  CHECK(intake.missing_for(kStart + 1s) == 0s);
  intake.look({true, 10, 130}, kStart + 2s);
  intake.look({true, 10, 160}, kStart + 3s);
  CHECK(intake.missing_for(kStart + 5s) == 3s);

  SECTION("until one is received") { intake.look({true, 11, 190}, kStart + 5s); }
  SECTION("until nobody watches") { intake.look({false, 10, 190}, kStart + 5s); }
  SECTION("until the writer is gone") { intake.look({true, 10, {}}, kStart + 5s); }
  CHECK(intake.missing_for(kStart + 9s) == 0s);
}

TEST_CASE("a writer that does not publish is missed by nobody") {
  Intake intake;
  for (int second = 0; second < 100; ++second) intake.look({true, 10, 100}, kStart + 1s * second);
  CHECK(intake.missing_for(kStart + 100s) == 0s);
}

TEST_CASE("where nobody watched, what was published meanwhile is not missing") {
  Intake intake;
  intake.look({false, 10, 100}, kStart);
  intake.look({false, 10, 900}, kStart + 1s);
  intake.look({true, 10, 900}, kStart + 2s);
  CHECK(intake.missing_for(kStart + 9s) == 0s);
  intake.look({true, 10, 901}, kStart + 3s);
  CHECK(intake.missing_for(kStart + 4s) == 1s);
}

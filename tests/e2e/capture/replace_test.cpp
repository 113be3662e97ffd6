// SPDX-License-Identifier: Apache-2.0
// The session of shm-capture when it is given another source while it runs.
#include "scripted_source.hpp"

using namespace shmvideo_test;

namespace {

/// Gives the session the next life of the script.
void replace(Run& run, const Supervision& supervision = {}) {
  run.session->replace_source([&run] { return std::make_unique<ScriptedSource>(run.script); }, supervision);
}

void read(Reader& reader, Frame& frame, std::uint64_t number, std::uint32_t width) {
  REQUIRE(reader.next(frame, 20s) == ReadStatus::frame);
  CHECK(frame.info().number == number);
  CHECK(frame.info().width == width);
}

}  // namespace

TEST_CASE("readers stay when another source takes over, and numbers go on") {
  Run run({{{Step::frame, Step::frame}}});
  const auto reader = run.reader();
  Frame frame;
  read(*reader, frame, 1, 64);
  read(*reader, frame, 2, 64);
  CHECK(frame.info().source_number == 2);
  run.script.add({{Step::frame, Step::frame}, Opening::well, 320});
  replace(run);
  read(*reader, frame, 3, 320);
  CHECK(frame.info().generation == 2);
  CHECK((frame.info().flags & SHMV_FRAME_DISCONTINUITY) != 0);
  CHECK(frame.info().source_number == 3);
  read(*reader, frame, 4, 320);
  CHECK((frame.info().flags & SHMV_FRAME_DISCONTINUITY) == 0);
  frame.release();
  REQUIRE(run.has_source_state(SourceState::ok));
  CHECK(run.session->progress().reopened == 0);
  CHECK(run.session->stop());
  CHECK(run.session->outcome() == Outcome::stopped);
}

TEST_CASE("another source of the same size needs no new generation") {
  Run run({{{Step::frame}}});
  const auto reader = run.reader();
  Frame frame;
  read(*reader, frame, 1, 64);
  run.script.add({{Step::frame}});
  replace(run);
  read(*reader, frame, 2, 64);
  CHECK(frame.info().generation == 1);
  CHECK((frame.info().flags & SHMV_FRAME_DISCONTINUITY) != 0);
  frame.release();
  CHECK(run.session->stop());
}

TEST_CASE("a source that does not open is tried again, even one that is never opened again after a loss") {
  Run run({{{Step::frame}}});
  REQUIRE(run.has_published(1));
  Supervision how = live();
  how.can_reopen = false;
  run.script.add({{}, Opening::fail});
  run.script.add({{}, Opening::fail});
  run.script.add({{Step::frame}, Opening::well, 128});
  replace(run, how);
  CHECK(run.has_published(2));
  CHECK(run.look().stream.width == 128);
  run.script.add_steps({Step::lost});
  run.wait_for_end();
  CHECK(run.session->stop());
  CHECK(run.failure() == "script: the script says so");
}

TEST_CASE("a source that does not open ends a session that is to end when it is without one") {
  Run run({{{Step::frame}}});
  REQUIRE(run.has_published(1));
  Supervision how = live();
  how.is_reopening = false;
  run.script.add({{}, Opening::fail});
  replace(run, how);
  run.wait_for_end();
  CHECK(run.session->stop());
  CHECK(run.failure() == "there is no script");
}

TEST_CASE("another source ends the search for one that is lost, and the wait for one that opens slowly") {
  Supervision patient = live();
  patient.pauses = {1h, 1h};
  Run run({{{Step::frame, Step::lost}}}, patient);
  REQUIRE(run.has_source_state(SourceState::reconnecting));
  run.script.add({{}, Opening::slow});
  replace(run, patient);
  REQUIRE(eventually([&] {
    const std::lock_guard lock(run.script.mutex);
    return run.script.made == 2;
  }));
  run.script.add({{Step::frame}});
  replace(run, patient);
  CHECK(run.has_published(2));
  CHECK(run.has_source_state(SourceState::ok));
  CHECK(run.session->stop());
  CHECK(run.session->outcome() == Outcome::stopped);
}

TEST_CASE("a first source that cannot be opened yet may be replaced") {
  Supervision waiting = live();
  waiting.is_waiting = true;
  waiting.pauses = {1h, 1h};
  Run run({{{}, Opening::fail}}, waiting);
  REQUIRE(eventually([&] {
    const std::lock_guard lock(run.script.mutex);
    return run.script.made == 1;
  }));
  run.script.add({{Step::frame}});
  replace(run, waiting);
  CHECK(run.has_published(1));
  CHECK(run.session->stop());
}

TEST_CASE("what is done about a source may change while the source stays") {
  Run run({{{Step::frame, Step::silent}}}, live());
  REQUIRE(run.has_published(1));
  run.session->replace_source({}, live(100ms));
  run.script.add({{Step::frame}});
  CHECK(run.has_published(2));  // a stall is a loss from now on
  CHECK(run.session->progress().reopened == 1);
  CHECK(run.session->stop());
}

TEST_CASE("a source that hangs instead of being replaced keeps nobody from stopping") {
  Run run({{{Step::frame, Step::hang}}});
  REQUIRE(run.has_published(1));
  run.script.add({{Step::frame}});
  replace(run);
  CHECK_FALSE(run.session->stop());
  CHECK_FALSE(run.has_segment());
  run.script.let_go();
  run.wait_for_end();
}

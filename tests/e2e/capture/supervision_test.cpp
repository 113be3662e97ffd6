// SPDX-License-Identifier: Apache-2.0
// Sources that are lost, silent, stuck, or not there yet, and what becomes of the segment meanwhile.
#include "scripted_source.hpp"

using namespace shmvideo_test;

namespace {

/// Short enough to wait for, long enough that a busy machine does not pass for a stall.
constexpr auto kStall = 300ms;

int made(Run& run) {
  const std::lock_guard lock(run.script.mutex);
  return run.script.made;
}

}  // namespace

TEST_CASE("pauses double up to the longest, and begin anew after a success") {
  BackOff pauses({250ms, 1s}, 5);
  CHECK(pauses.next() == 250ms);
  CHECK(pauses.next() == 500ms);
  CHECK(pauses.next() == 1s);
  CHECK(pauses.next() == 1s);
  pauses.reset();
  CHECK(pauses.attempts() == 0);
  for (const auto pause : {250ms, 500ms, 1000ms, 1000ms, 1000ms}) CHECK(pauses.next() == pause);
  CHECK(pauses.next() == std::nullopt);
  CHECK(BackOff({}, 0).next() == std::nullopt);
}

TEST_CASE("a source that is lost is opened again while the segment and its readers stay") {
  Run run({{{Step::frame, Step::skip, Step::lost}}, {{}, Opening::fail}, {{}, Opening::fail}}, live());
  const auto reader = run.reader();
  Frame frame;
  REQUIRE(reader->next(frame, 20s) == ReadStatus::frame);
  REQUIRE(reader->next(frame, 20s) == ReadStatus::frame);
  CHECK(frame.info().source_number == 5);
  REQUIRE(run.has_source_state(SourceState::reconnecting));
  REQUIRE(eventually([&] { return made(run) > 3; }));
  CHECK(run.look().state == SegmentState::live);
  run.script.add({{Step::frame, Step::skip}});

  REQUIRE(reader->next(frame, 20s) == ReadStatus::frame);
  CHECK((frame.info().flags & SHMV_FRAME_DISCONTINUITY) != 0);
  CHECK(frame.info().number == 3);
  CHECK(frame.info().source_number == 6);
  CHECK(frame.info().generation == 1);
  REQUIRE(reader->next(frame, 20s) == ReadStatus::frame);
  CHECK((frame.info().flags & SHMV_FRAME_DISCONTINUITY) == 0);
  CHECK(frame.info().source_number == 10);
  CHECK(run.has_source_state(SourceState::ok));
  CHECK(run.session->progress().reopened == 1);
  CHECK(run.session->progress().writer.dropped[SHMV_DROP_LATE] == 6);
  CHECK(run.session->progress().captured == 10);
  frame.release();
  CHECK(run.session->stop());
  CHECK(run.session->outcome() == Outcome::stopped);
}

TEST_CASE("a source that comes back in another size goes on in a new generation") {
  Run run({{{Step::frame, Step::lost}}, {{Step::frame}, Opening::well, 128}}, live());
  const auto reader = run.reader();
  Frame frame;
  REQUIRE(reader->next(frame, 20s) == ReadStatus::frame);
  CHECK(frame.info().width == 64);
  REQUIRE(reader->next(frame, 20s) == ReadStatus::frame);
  CHECK(frame.info().width == 128);
  CHECK(frame.info().number == 2);
  CHECK(frame.info().generation == 2);
  CHECK((frame.info().flags & SHMV_FRAME_DISCONTINUITY) != 0);
  CHECK(run.has_source_state(SourceState::ok));
  frame.release();
  CHECK(run.session->stop());
}

TEST_CASE("it gives up after as many attempts as are allowed, counted from the last frame") {
  Supervision how = live();
  how.reopenings_max = 2;
  Run run({{{Step::frame, Step::lost}}, {{}, Opening::fail}, {{Step::frame, Step::lost}}}, how);
  run.wait_for_end();
  CHECK(run.session->stop());
  CHECK_THAT(run.failure(),
             ContainsSubstring("gave up after 2 attempts to open script again: there is no script"));
  CHECK(made(run) == 5);
  CHECK(run.published() == 2);
  CHECK_FALSE(run.has_segment());
}

TEST_CASE("an attempt that brings no frame counts, though it opened") {
  Supervision how = live();
  how.reopenings_max = 2;
  Run run({{{Step::frame, Step::lost}}, {{Step::lost}}, {{Step::lost}}, {{Step::frame}}}, how);
  run.wait_for_end();
  CHECK(run.session->stop());
  CHECK_THAT(run.failure(), ContainsSubstring("gave up after 2 attempts"));
  CHECK(run.published() == 1);
}

TEST_CASE("who wants no reopening learns why it ends") {
  Supervision how = live();
  const bool by_number = GENERATE(true, false);
  if (by_number) how.reopenings_max = 0;
  how.is_reopening = by_number;
  Run run({{{Step::frame, Step::lost}}, {{Step::frame}}}, how);
  run.wait_for_end();
  CHECK(run.session->stop());
  CHECK(run.failure() == "script: the script says so");
  CHECK(made(run) == 1);
}

TEST_CASE("a source that has nothing for too long is opened again") {
  Run run({{{Step::frame, Step::silent}}, {{Step::frame}}}, live(kStall));
  REQUIRE(run.has_published(2));
  CHECK(run.session->progress().reopened == 1);
  CHECK(run.session->stop());
}

TEST_CASE("a wait that does not end is interrupted, and the source opened again") {
  Run run({{{Step::frame}}, {{Step::frame}}}, live(kStall));  // without a step it waits
  REQUIRE(run.has_published(2));
  CHECK(run.session->progress().reopened == 1);
  CHECK(run.session->stop());
}

TEST_CASE("without a stall timeout a silent source is waited for") {
  Run run({{{Step::frame, Step::silent}}, {{Step::frame}}}, live());
  REQUIRE(run.has_published(1));
  std::this_thread::sleep_for(2 * kStall);
  CHECK(made(run) == 1);
  CHECK(run.session->stop());
}

TEST_CASE("a source that cannot be had again is waited for, whatever it does") {
  Supervision how = live(kStall);
  how.can_reopen = false;
  Run run({{{Step::frame, Step::hang, Step::silent}}, {{Step::frame}}}, how);
  REQUIRE(run.has_published(1));
  std::this_thread::sleep_for(3 * kStall);
  CHECK(run.session->outcome() == Outcome::running);
  run.script.let_go();
  REQUIRE(run.has_published(2));
  std::this_thread::sleep_for(2 * kStall);
  CHECK(made(run) == 1);
  CHECK(run.session->stop());
}

TEST_CASE("a call that never returns ends the session, with the reason") {
  const Step step = GENERATE(Step::hang, Step::hang_fill);
  CAPTURE(static_cast<int>(step));
  Supervision how = live(kStall);
  how.grace = kStall;
  Run run({{{Step::frame, step}}}, how);
  REQUIRE(run.has_published(1));
  REQUIRE(run.has_source_state(SourceState::reconnecting));
  run.wait_for_end();
  CHECK_FALSE(run.has_segment());
  CHECK_FALSE(run.session->stop());
  CHECK_THAT(run.failure(), ContainsSubstring("hangs inside a library call that does not return"));
  run.script.let_go();
  REQUIRE(eventually([&] { return run.session->stop(); }));
  CHECK_THAT(run.failure(), ContainsSubstring("hangs"));
  const std::lock_guard lock(run.mutex);
  CHECK(run.ends == 1);
  CHECK(run.published() == 1);
}

TEST_CASE("an opening that takes too long has failed; one that never returns ends the session") {
  Supervision how = live(100ms);
  Run slow({{{}, Opening::slow}}, how);
  slow.wait_for_end();
  CHECK(slow.session->stop());
  CHECK(slow.failure() == "script does not answer: opening it took longer than 0.2 s");
  how.grace = 100ms;
  Run stuck({{{}, Opening::hang}}, how);
  stuck.wait_for_end();
  CHECK_FALSE(stuck.session->stop());
  CHECK_THAT(stuck.failure(), ContainsSubstring("hangs inside a library call"));
}

TEST_CASE("a source that is not there at the start ends the session, or is waited for") {
  Supervision how = live(100ms);
  Run impatient({{{}, Opening::fail}, {{Step::frame}}}, how);
  impatient.wait_for_end();
  CHECK(impatient.session->stop());
  CHECK(impatient.failure() == "there is no script");
  how.is_waiting = true;
  Run patient({{{}, Opening::fail}, {{}, Opening::slow}, {{}, Opening::fail}, {{Step::frame}}}, how);
  REQUIRE(patient.has_published(1));
  CHECK(made(patient) == 4);
  CHECK(patient.session->stop());
}

TEST_CASE("a stop is soon in every state, and leaves no segment") {
  Supervision how = live();
  how.is_waiting = true;
  how.pauses = {1min, 1min};
  const std::deque<Life> lives =
      GENERATE(std::deque<Life>{{{}, Opening::fail}},            // before it is there
               std::deque<Life>{{{}, Opening::slow}},            // while it is opened
               std::deque<Life>{{{Step::frame}}},                // in wait()
               std::deque<Life>{{{Step::frame, Step::silent}}},  // between waits
               std::deque<Life>{{{Step::frame, Step::lost}}});   // waiting to reopen
  const bool is_delivering = lives.front().opening == Opening::well;
  Run run(lives, how);
  REQUIRE(eventually([&] { return made(run) == 1; }));
  if (is_delivering) REQUIRE(run.has_published(1));
  if (lives.front().steps.size() > 1 && lives.front().steps[1] == Step::lost) {
    REQUIRE(run.has_source_state(SourceState::reconnecting));
  }
  std::this_thread::sleep_for(20ms);
  CHECK(run.session->stop());
  CHECK_FALSE(run.has_segment());
  CHECK(run.session->outcome() == Outcome::stopped);
}

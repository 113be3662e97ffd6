// SPDX-License-Identifier: Apache-2.0
// The session of shm-capture with a source that does what it is told.
#include "scripted_source.hpp"

using namespace shmvideo_test;

TEST_CASE("a session counts what is published, corrupt and skipped") {
  Run run({{{Step::frame, Step::corrupt, Step::skip, Step::frame, Step::end}}});
  run.wait_for_end();
  CHECK(run.session->stop());
  CHECK(run.session->outcome() == Outcome::ended);
  const Progress progress = run.session->progress();
  CHECK(progress.captured == 7);
  CHECK(progress.writer.published == 3);
  CHECK(progress.writer.dropped[SHMV_DROP_CORRUPT] == 1);
  CHECK(progress.writer.dropped[SHMV_DROP_LATE] == 3);
  CHECK(describe(conclusion(progress, 1s)) == "published 3 (3.0/s), 1.0 s, dropped 4 (corrupt 1, late 3)");
  CHECK_FALSE(run.has_segment());
}

TEST_CASE("a frame of another size comes in a new generation, under the next number") {
  Run run({{{Step::frame, Step::frame}}});
  const auto reader = run.reader();
  Frame frame;
  for (std::uint64_t number = 1; number <= 2; ++number) {
    REQUIRE(reader->next(frame, 20s) == ReadStatus::frame);
    CHECK(frame.info().number == number);
    CHECK(frame.info().width == 64);
  }
  run.script.add_steps({Step::larger, Step::frame});
  for (std::uint64_t number = 3; number <= 4; ++number) {
    REQUIRE(reader->next(frame, 20s) == ReadStatus::frame);
    CHECK(frame.info().number == number);
    CHECK(frame.info().width == 640);
    CHECK(frame.bytes()[0] == static_cast<std::byte>(number));
  }
  CHECK(frame.info().generation == 2);
  frame.release();
  CHECK(run.session->stop());
  CHECK(run.session->outcome() == Outcome::stopped);
}

TEST_CASE("codec parameters that come with a frame are in the segment when it is") {
  Run run({{{Step::frame, Step::extradata}}});
  REQUIRE(run.has_published(2));
  CHECK(run.reader()->extradata() == std::vector<std::byte>{std::byte{1}, std::byte{2}});
  CHECK(run.session->stop());
}

TEST_CASE("a session ends by itself after its count, and when a source that stays lost is lost") {
  Run counted({{{Step::frame, Step::frame, Step::frame}}}, {}, 2);
  counted.wait_for_end();
  CHECK(counted.session->stop());
  CHECK(counted.session->outcome() == Outcome::counted);
  CHECK(counted.published() == 2);
  Run lost({{{Step::frame, Step::lost}}});
  lost.wait_for_end();
  CHECK(lost.session->stop());
  CHECK(lost.failure() == "script: the script says so");
}

TEST_CASE("what ends a session badly is thrown to whoever asks") {
  Run first({{{Step::frame}}});
  REQUIRE(eventually([&] { return first.session->started_at().has_value(); }));
  Script script;
  script.add({});
  CaptureSession second([&] { return std::make_unique<ScriptedSource>(script); },
                        SessionConfig{first.name, {}, {}, {}}, first.log, [] {});
  second.start();
  REQUIRE(eventually([&] {
    try {
      second.outcome();
      return false;
    } catch (const Error& error) {
      return error.code() == ErrorCode::writer_exists;
    }
  }));
  CHECK(second.stop());
  CHECK(first.session->stop());
}

TEST_CASE("a source that hangs keeps neither the segment nor the one who stops") {
  const Step step = GENERATE(Step::hang, Step::hang_fill);
  CAPTURE(static_cast<int>(step));
  Run run({{{Step::frame, step}}});
  REQUIRE(run.has_published(1));
  CHECK(run.has_segment());
  CHECK_FALSE(run.session->stop());
  CHECK_FALSE(run.has_segment());
  run.script.let_go();  // a fill() that hung writes to its slot now
  run.wait_for_end();   // what comes late finds the gate shut
  CHECK(run.published() == 1);
}

TEST_CASE("a source that hangs while it is opened keeps nobody from stopping") {
  Run run({{{}, Opening::hang}});
  REQUIRE(eventually([&] {
    const std::lock_guard lock(run.script.mutex);
    return run.script.made == 1;
  }));
  CHECK_FALSE(run.session->stop());
  run.script.let_go();
  run.wait_for_end();
  CHECK_FALSE(run.session->started_at());
}

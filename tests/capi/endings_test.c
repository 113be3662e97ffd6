/* SPDX-License-Identifier: Apache-2.0 */
/* Writers in another process that close, die, stand still and start again. */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>

#include "check.h"

static void a_writer_that_closes_is_told(void) {
  const char* name = new_name();
  peer writer = peer_start(name);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_IN_ORDER, SHMV_START_NEXT);
  shmv_frame* frame = shmv_frame_new();
  peer_do(&writer, "publish 5 0");
  peer_end(&writer);
  CHECK(next_value(reader, frame) == 5); /* its last frame first */
  CHECK_RESULT(shmv_reader_next(reader, frame, SHMV_FOREVER), SHMV_CLOSED);
  CHECK(shmv_reader_state(reader) == SHMV_SEGMENT_CLOSED);
  CHECK_RESULT(shmv_reader_next(reader, frame, 0), SHMV_CLOSED);
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
}

static void a_writer_that_dies_is_told_and_its_successor_followed(void) {
  const char* name = new_name();
  peer writer = peer_start(name), next;
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_IN_ORDER, SHMV_START_NEXT);
  shmv_frame* frame = shmv_frame_new();
  shmv_reader_statistics statistics = SHMV_READER_STATISTICS_INIT;
  peer_do(&writer, "publish 5 0");
  peer_kill(&writer);
  CHECK(next_value(reader, frame) == 5);
  CHECK_RESULT(shmv_reader_next(reader, frame, SHMV_FOREVER), SHMV_WRITER_GONE);
  CHECK(shmv_reader_state(reader) == SHMV_SEGMENT_DEAD);
  next = peer_start(name);
  peer_do(&next, "publish 6 0");
  CHECK(next_value(reader, frame) == 6 && shmv_frame_info_of(frame)->number == 2);
  CHECK_RESULT(shmv_reader_statistics_of(reader, &statistics), SHMV_OK);
  CHECK(statistics.restarts == 1 && shmv_reader_generation(reader) == 2);
  peer_end(&next);
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
}

static void a_reader_that_does_not_follow_ends_with_its_generation(void) {
  const char* name = new_name();
  peer writer = peer_start(name);
  shmv_reader_options options = SHMV_READER_OPTIONS_INIT;
  shmv_reader* reader;
  shmv_frame* frame = shmv_frame_new();
  options.follow = 0;
  CHECK_RESULT(shmv_reader_attach(name, &options, &reader), SHMV_OK);
  peer_do(&writer, "reserve 64 64");
  peer_do(&writer, "publish 1 0");
  CHECK_RESULT(shmv_reader_next(reader, frame, SHMV_FOREVER), SHMV_CLOSED);
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
  peer_end(&writer);
}

static void another_size_is_another_generation(void) {
  const char* name = new_name();
  peer writer = peer_start(name);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_IN_ORDER, SHMV_START_NEXT);
  shmv_frame* frame = shmv_frame_new();
  shmv_stream_info stream = SHMV_STREAM_INFO_INIT;
  peer_do(&writer, "publish 1 0");
  peer_do(&writer, "reserve 64 48");
  peer_do(&writer, "publish 2 0");
  CHECK(next_value(reader, frame) == 1);
  CHECK_RESULT(shmv_reader_next(reader, frame, PATIENCE_NS), SHMV_OK);
  CHECK(shmv_frame_info_of(frame)->width == 64 && shmv_frame_info_of(frame)->generation == 2);
  CHECK_RESULT(shmv_reader_stream(reader, &stream), SHMV_OK);
  CHECK(stream.width == 64 && stream.height == 48);
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
  peer_end(&writer);
}

static void a_writer_that_stands_still_is_called_stalled(void) {
  const char* name = new_name();
  peer writer = peer_start(name);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_IN_ORDER, SHMV_START_NEXT);
  shmv_frame* frame = shmv_frame_new();
  int result, looks = 0;
  kill(writer.pid, SIGSTOP);
  do {
    result = shmv_reader_next(reader, frame, SECOND_NS);
  } while (result == SHMV_TIMEOUT && ++looks < 30);
  CHECK_RESULT(result, SHMV_STALLED);
  CHECK(shmv_reader_state(reader) == SHMV_SEGMENT_STALLED);
  kill(writer.pid, SIGCONT);
  peer_do(&writer, "publish 4 0");
  CHECK(next_value(reader, frame) == 4);
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
  peer_end(&writer);
}

static void attaching_waits_for_a_segment(void) {
  const char* name = new_name();
  shmv_reader_options options = SHMV_READER_OPTIONS_INIT;
  shmv_reader* reader = (shmv_reader*)&options;
  peer writer;
  options.attach_timeout_ns = SECOND_NS / 20;
  CHECK_RESULT(shmv_reader_attach(name, &options, &reader), SHMV_ERROR_NOT_FOUND);
  CHECK(reader == NULL);
  writer = peer_start(name);
  options.attach_timeout_ns = SHMV_FOREVER;
  CHECK_RESULT(shmv_reader_attach(name, &options, &reader), SHMV_OK);
  shmv_reader_detach(reader);
  peer_end(&writer);
}

int main(void) {
  RUN(a_writer_that_closes_is_told);
  RUN(a_writer_that_dies_is_told_and_its_successor_followed);
  RUN(a_reader_that_does_not_follow_ends_with_its_generation);
  RUN(another_size_is_another_generation);
  RUN(a_writer_that_stands_still_is_called_stalled);
  RUN(attaching_waits_for_a_segment);
  return 0;
}

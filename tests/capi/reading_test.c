/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include "check.h"

static void a_held_frame_stays_while_the_writer_goes_on(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 3);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_NEWEST, SHMV_START_NEWEST);
  shmv_frame* frame = shmv_frame_new();
  int i;
  publish(writer, 1, 0);
  CHECK(next_value(reader, frame) == 1 && shmv_frame_is_held(frame));
  for (i = 2; i < 50; ++i) publish(writer, i, 0);
  CHECK_RESULT(shmv_frame_valid(frame), SHMV_OK);
  CHECK(*(const unsigned char*)shmv_frame_bytes(frame) == 1);
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
  shmv_writer_close(writer);
}

static void an_observed_frame_is_told_to_be_gone(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 3);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_OBSERVE, SHMV_ORDER_NEWEST, SHMV_START_NEWEST);
  shmv_frame* frame = shmv_frame_new();
  static unsigned char copy[BYTES];
  int i;
  publish(writer, 1, 0);
  CHECK(next_value(reader, frame) == 1 && !shmv_frame_is_held(frame));
  for (i = 2; i < 50; ++i) publish(writer, i, 0);
  CHECK_RESULT(shmv_frame_valid(frame), SHMV_ERROR_REVOKED);
  CHECK_RESULT(shmv_frame_copy(frame, copy, sizeof copy), SHMV_ERROR_REVOKED);
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
  shmv_writer_close(writer);
}

static void a_copying_reader_copies(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 3);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_COPY, SHMV_ORDER_NEWEST, SHMV_START_NEWEST);
  shmv_frame* frame = shmv_frame_new();
  static unsigned char copy[BYTES];
  publish(writer, 9, 0);
  CHECK_RESULT(shmv_reader_next(reader, frame, PATIENCE_NS), SHMV_OK);
  CHECK_RESULT(shmv_frame_copy(frame, copy, sizeof copy), SHMV_OK);
  CHECK(!shmv_frame_is_held(frame) && copy[0] == 9 && copy[BYTES - 1] == 9);
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
  shmv_writer_close(writer);
}

/* A reader that holds every slot there is does not stop the writer: it loses a hold, and is told. */
static void a_revoked_hold_is_noticed(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 2);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_IN_ORDER, SHMV_START_NEXT);
  shmv_frame *first = shmv_frame_new(), *second = shmv_frame_new();
  shmv_reader_statistics statistics = SHMV_READER_STATISTICS_INIT;
  shmv_writer_statistics written = SHMV_WRITER_STATISTICS_INIT;
  publish(writer, 1, 0);
  publish(writer, 2, 0);
  CHECK(next_value(reader, first) == 1 && next_value(reader, second) == 2);
  publish(writer, 3, 0);
  CHECK_RESULT(shmv_frame_valid(first), SHMV_ERROR_REVOKED);
  CHECK_RESULT(shmv_frame_valid(second), SHMV_OK);
  shmv_frame_release(first);
  CHECK_RESULT(shmv_reader_statistics_of(reader, &statistics), SHMV_OK);
  CHECK_RESULT(shmv_writer_statistics_of(writer, &written), SHMV_OK);
  CHECK(statistics.revoked == 1 && written.revoked == 1);
  shmv_frame_free(first);
  shmv_frame_free(second);
  shmv_reader_detach(reader);
  shmv_writer_close(writer);
}

static int first_value(const char* name, uint32_t order, uint32_t start) {
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, order, start);
  shmv_frame* frame = shmv_frame_new();
  const int result = shmv_reader_next(reader, frame, 0);
  const int value = result == SHMV_OK ? *(const unsigned char*)shmv_frame_bytes(frame) : -1;
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
  return value;
}

static void readers_begin_where_they_are_told_to(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 6);
  publish(writer, 1, 0);
  publish(writer, 2, 0);
  publish(writer, 3, 0);
  CHECK(first_value(name, SHMV_ORDER_NEWEST, SHMV_START_NEWEST) == 3);
  CHECK(first_value(name, SHMV_ORDER_IN_ORDER, SHMV_START_OLDEST) == 1);
  CHECK(first_value(name, SHMV_ORDER_IN_ORDER, SHMV_START_KEY) == 3);
  CHECK(first_value(name, SHMV_ORDER_IN_ORDER, SHMV_START_NEXT) == -1);
  shmv_writer_close(writer);
}

static void missed_frames_are_counted(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 6);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_NEWEST, SHMV_START_NEXT);
  shmv_reader_statistics statistics = SHMV_READER_STATISTICS_INIT;
  shmv_frame* frame = shmv_frame_new();
  int i;
  publish(writer, 1, 0);
  CHECK(next_value(reader, frame) == 1);
  for (i = 2; i <= 5; ++i) publish(writer, i, 0);
  CHECK(next_value(reader, frame) == 5);
  CHECK_RESULT(shmv_reader_next(reader, frame, 0), SHMV_TIMEOUT);
  CHECK(!shmv_frame_bytes(frame)); /* released first, and nothing came */
  CHECK_RESULT(shmv_reader_statistics_of(reader, &statistics), SHMV_OK);
  CHECK(statistics.seen == 2 && statistics.missed == 3 && statistics.torn == 0 && statistics.restarts == 0);
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
  shmv_writer_close(writer);
}

static void a_descriptor_tells_of_frames(void) {
  const char* name = new_name();
  peer writer = peer_start(name);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_IN_ORDER, SHMV_START_NEXT);
  shmv_frame* frame = shmv_frame_new();
  struct pollfd watched = {shmv_reader_fd(reader), POLLIN, 0};
  int i;
  CHECK(watched.fd >= 0 && shmv_reader_fd(reader) == watched.fd);
  for (i = 1; i <= 5; ++i) {
    char line[64];
    int result;
    snprintf(line, sizeof line, "publish %d 0", i);
    peer_do(&writer, line);
    /* It may be readable for nothing, but never not readable although there is a frame. */
    do {
      uint64_t count;
      CHECK(poll(&watched, 1, 30000) == 1);
      CHECK(read(watched.fd, &count, sizeof count) == sizeof count);
      result = shmv_reader_next(reader, frame, 0);
    } while (result == SHMV_TIMEOUT || result == SHMV_STALLED);
    CHECK_RESULT(result, SHMV_OK);
    CHECK(*(const unsigned char*)shmv_frame_bytes(frame) == i);
  }
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
  peer_end(&writer);
}

static void* wait_for_ever(void* of) {
  shmv_frame* frame = shmv_frame_new();
  CHECK_RESULT(shmv_reader_next(of, frame, SHMV_FOREVER), SHMV_TIMEOUT);
  shmv_frame_free(frame);
  return of;
}

static void another_thread_ends_a_wait(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 3);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_NEWEST, SHMV_START_NEXT);
  pthread_t waiting;
  void* result;
  CHECK(pthread_create(&waiting, NULL, wait_for_ever, reader) == 0);
  /* Whether it sleeps already or not: the next wait ends as well. */
  shmv_reader_interrupt(reader);
  CHECK(pthread_join(waiting, &result) == 0 && result == reader);
  shmv_reader_detach(reader);
  shmv_writer_close(writer);
}

static void what_a_segment_is_for_is_told(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 3);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_NEWEST, SHMV_START_NEXT);
  shmv_stream_info stream = SHMV_STREAM_INFO_INIT;
  char bytes[16];
  size_t count = 0;
  uint64_t requests;
  CHECK_RESULT(shmv_reader_stream(reader, &stream), SHMV_OK);
  CHECK(stream.width == WIDTH && stream.height == HEIGHT && stream.kind == SHMV_KIND_RAW);
  CHECK(stream.fourcc == shmv_format_fourcc("BGR24") && shmv_reader_generation(reader) == 1);
  CHECK(shmv_reader_state(reader) == SHMV_SEGMENT_LIVE);

  CHECK(shmv_reader_source_state(reader) == SHMV_SOURCE_OK);
  CHECK_RESULT(shmv_writer_set_source_state(writer, SHMV_SOURCE_RECONNECTING), SHMV_OK);
  CHECK(shmv_reader_source_state(reader) == SHMV_SOURCE_RECONNECTING);

  CHECK_RESULT(shmv_reader_extradata(reader, NULL, &count), SHMV_OK);
  CHECK(count == 0);
  CHECK_RESULT(shmv_writer_set_extradata(writer, "parameters", 10), SHMV_OK);
  CHECK_RESULT(shmv_reader_extradata(reader, NULL, &count), SHMV_ERROR_INVALID_ARGUMENT);
  CHECK(count == 10);
  count = sizeof bytes;
  CHECK_RESULT(shmv_reader_extradata(reader, bytes, &count), SHMV_OK);
  CHECK(count == 10 && memcmp(bytes, "parameters", 10) == 0);

  requests = shmv_writer_key_requests(writer);
  CHECK_RESULT(shmv_reader_request_key(reader), SHMV_OK);
  CHECK(shmv_writer_key_requests(writer) == requests + 1);
  shmv_reader_detach(reader);
  shmv_writer_close(writer);
}

int main(void) {
  RUN(a_held_frame_stays_while_the_writer_goes_on);
  RUN(an_observed_frame_is_told_to_be_gone);
  RUN(a_copying_reader_copies);
  RUN(a_revoked_hold_is_noticed);
  RUN(readers_begin_where_they_are_told_to);
  RUN(missed_frames_are_counted);
  RUN(a_descriptor_tells_of_frames);
  RUN(another_thread_ends_a_wait);
  RUN(what_a_segment_is_for_is_told);
  return 0;
}

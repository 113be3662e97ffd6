/* SPDX-License-Identifier: Apache-2.0 */
/* Frames of two writers in other processes, paired by the times at which they say they were captured. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <time.h>

#include "check.h"

#define MS INT64_C(1000000)

typedef struct scene {
  const char* name[2];
  peer writer[2];
  shmv_reader* reader[2];
  shmv_frame* frame[2];
  shmv_set* set;
  uint64_t start; /* of the time that the test counts in milliseconds */
} scene;

static scene begin_as(uint32_t grade, uint32_t order) {
  scene s;
  struct timespec now;
  int i;
  CHECK_RESULT(shmv_set_new(&s.set), SHMV_OK);
  for (i = 0; i < 2; ++i) {
    s.name[i] = new_name();
    s.writer[i] = peer_start(s.name[i]);
    s.reader[i] = new_reader(s.name[i], grade, order, SHMV_START_NEXT);
    s.frame[i] = shmv_frame_new();
    CHECK(shmv_set_add(s.set, s.reader[i]) == i);
  }
  CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
  s.start = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
  return s;
}

static scene begin(uint32_t order) { return begin_as(SHMV_GRADE_HOLD, order); }

static void end(scene* s) {
  int i;
  shmv_set_free(s->set);
  for (i = 0; i < 2; ++i) {
    shmv_frame_free(s->frame[i]);
    shmv_reader_detach(s->reader[i]);
    peer_end(&s->writer[i]);
  }
}

/* The value that a frame carries is the millisecond of its capture. */
static void captured(scene* s, int who, unsigned ms) {
  char line[64];
  snprintf(line, sizeof line, "publish %u %llu", ms, (unsigned long long)(s->start + ms * (uint64_t)MS));
  peer_do(&s->writer[who], line);
}

static int pair(scene* s, int64_t tolerance_ms, int64_t timeout_ns) {
  return shmv_set_pair(s->set, s->frame, 2, tolerance_ms * MS, timeout_ns);
}

static void check_pair(scene* s, int64_t tolerance_ms, int first, int second) {
  CHECK_RESULT(pair(s, tolerance_ms, PATIENCE_NS), SHMV_OK);
  CHECK(*(const unsigned char*)shmv_frame_bytes(s->frame[0]) == first);
  CHECK(*(const unsigned char*)shmv_frame_bytes(s->frame[1]) == second);
  CHECK_RESULT(shmv_frame_valid(s->frame[0]), SHMV_OK);
  CHECK(shmv_frame_is_held(s->frame[0]) && shmv_frame_is_held(s->frame[1]));
}

static void frames_that_lie_apart_by_an_offset_are_paired(void) {
  scene s = begin(SHMV_ORDER_IN_ORDER);
  unsigned ms;
  CHECK_RESULT(pair(&s, 10, 0), SHMV_TIMEOUT);
  for (ms = 0; ms < 3; ++ms) {
    captured(&s, 0, 10 + ms * 40);
    captured(&s, 1, 15 + ms * 40);
  }
  for (ms = 0; ms < 3; ++ms) check_pair(&s, 10, 10 + (int)ms * 40, 15 + (int)ms * 40);
  CHECK_RESULT(pair(&s, 10, 0), SHMV_TIMEOUT);
  CHECK(!shmv_frame_bytes(s.frame[0]) && !shmv_frame_bytes(s.frame[1]));
  end(&s);
}

static void frames_without_a_partner_are_passed_over(void) {
  scene s = begin(SHMV_ORDER_IN_ORDER);
  /* Twice as fast, and with an offset: every second one fits. The slower one begins earlier, and misses a
   * beat. */
  captured(&s, 1, 5);
  captured(&s, 0, 40);
  captured(&s, 0, 60);
  captured(&s, 1, 63);
  captured(&s, 0, 80);
  captured(&s, 0, 100);
  captured(&s, 1, 103);
  check_pair(&s, 8, 60, 63);
  check_pair(&s, 8, 100, 103);
  captured(&s, 0, 140);
  captured(&s, 1, 180);
  CHECK_RESULT(pair(&s, 8, 0), SHMV_TIMEOUT);
  /* Exactly the tolerance apart is together. */
  captured(&s, 0, 188);
  check_pair(&s, 8, 188, 180);
  end(&s);
}

static void readers_of_the_newest_are_paired_by_what_is_newest(void) {
  scene s = begin(SHMV_ORDER_NEWEST);
  captured(&s, 0, 10);
  captured(&s, 0, 50);
  captured(&s, 1, 52);
  check_pair(&s, 10, 50, 52);
  end(&s);
}

/* What was kept for a partner and overwritten meanwhile belongs to nobody any more. */
static void a_frame_that_was_overwritten_is_not_paired(void) {
  scene s = begin_as(SHMV_GRADE_OBSERVE, SHMV_ORDER_IN_ORDER);
  unsigned ms;
  captured(&s, 0, 10);
  CHECK_RESULT(pair(&s, 5, 0), SHMV_TIMEOUT);
  for (ms = 20; ms <= 200; ms += 20) captured(&s, 0, ms);
  captured(&s, 1, 10);
  CHECK_RESULT(pair(&s, 5, 0), SHMV_TIMEOUT);
  captured(&s, 1, 200);
  CHECK_RESULT(pair(&s, 5, PATIENCE_NS), SHMV_OK);
  CHECK(*(const unsigned char*)shmv_frame_bytes(s.frame[0]) == 200);
  CHECK(*(const unsigned char*)shmv_frame_bytes(s.frame[1]) == 200);
  end(&s);
}

typedef struct order {
  scene* s;
  int who;
  unsigned ms;
} order;

static void* capture_later(void* of) {
  const order* given = of;
  captured(given->s, given->who, given->ms);
  return NULL;
}

static void the_first_waits_for_its_partner(void) {
  scene s = begin(SHMV_ORDER_NEWEST);
  order later = {&s, 1, 12};
  pthread_t publishing;
  captured(&s, 0, 10);
  CHECK_RESULT(pair(&s, 5, SECOND_NS / 50), SHMV_TIMEOUT);
  CHECK(pthread_create(&publishing, NULL, capture_later, &later) == 0);
  check_pair(&s, 5, 10, 12);
  CHECK(pthread_join(publishing, NULL) == 0);
  end(&s);
}

static void a_writer_that_dies_is_told_and_followed(void) {
  scene s = begin(SHMV_ORDER_IN_ORDER);
  captured(&s, 0, 10);
  captured(&s, 1, 10);
  captured(&s, 1, 50);
  peer_kill(&s.writer[1]);
  check_pair(&s, 5, 10, 10);
  /* Its last frame is still waited with; a frame that needs a newer one finds the writer gone. */
  captured(&s, 0, 50);
  check_pair(&s, 5, 50, 50);
  captured(&s, 0, 90);
  CHECK_RESULT(pair(&s, 5, SHMV_FOREVER), SHMV_WRITER_GONE);
  CHECK(!shmv_frame_bytes(s.frame[0]));
  CHECK_RESULT(pair(&s, 5, SECOND_NS / 50), SHMV_WRITER_GONE);
  s.writer[1] = peer_start(s.name[1]);
  captured(&s, 1, 91);
  check_pair(&s, 5, 90, 91);
  end(&s);
}

static void* interrupt(void* reader) {
  shmv_reader_interrupt(reader);
  return NULL;
}

/* Also by the reader whose frame is there already. */
static void an_interruption_ends_the_wait_for_a_pair(void) {
  scene s = begin(SHMV_ORDER_IN_ORDER);
  int who;
  captured(&s, 0, 10);
  for (who = 0; who < 2; ++who) {
    pthread_t other;
    CHECK(pthread_create(&other, NULL, interrupt, s.reader[who]) == 0);
    CHECK_RESULT(pair(&s, 5, SHMV_FOREVER), SHMV_TIMEOUT);
    CHECK(pthread_join(other, NULL) == 0);
  }
  captured(&s, 1, 10);
  check_pair(&s, 5, 10, 10);
  end(&s);
}

static void a_pair_needs_places_for_all(void) {
  scene s = begin(SHMV_ORDER_IN_ORDER);
  shmv_frame* one_is_missing[2] = {s.frame[0], NULL};
  CHECK_RESULT(shmv_set_pair(s.set, s.frame, 1, 0, 0), SHMV_ERROR_INVALID_ARGUMENT);
  CHECK_RESULT(shmv_set_pair(s.set, one_is_missing, 2, 0, 0), SHMV_ERROR_INVALID_ARGUMENT);
  end(&s);
}

int main(void) {
  RUN(frames_that_lie_apart_by_an_offset_are_paired);
  RUN(frames_without_a_partner_are_passed_over);
  RUN(readers_of_the_newest_are_paired_by_what_is_newest);
  RUN(a_frame_that_was_overwritten_is_not_paired);
  RUN(the_first_waits_for_its_partner);
  RUN(a_writer_that_dies_is_told_and_followed);
  RUN(an_interruption_ends_the_wait_for_a_pair);
  RUN(a_pair_needs_places_for_all);
  return 0;
}

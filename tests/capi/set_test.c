/* SPDX-License-Identifier: Apache-2.0 */
/* One thread that waits for several segments, whose writers are other processes. */
#define _DEFAULT_SOURCE
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/resource.h>

#include "check.h"

typedef struct scene {
  const char* name[2];
  peer writer[2];
  shmv_reader* reader[2];
  shmv_set* set;
  shmv_frame* frame;
  uint8_t ready[2];
} scene;

static scene begin(void) {
  scene s;
  int i;
  CHECK_RESULT(shmv_set_new(&s.set), SHMV_OK);
  for (i = 0; i < 2; ++i) {
    s.name[i] = new_name();
    s.writer[i] = peer_start(s.name[i]);
    s.reader[i] = new_reader(s.name[i], SHMV_GRADE_HOLD, SHMV_ORDER_IN_ORDER, SHMV_START_NEXT);
    CHECK(shmv_set_add(s.set, s.reader[i]) == i);
  }
  s.frame = shmv_frame_new();
  return s;
}

static void end(scene* s) {
  int i;
  shmv_set_free(s->set);
  shmv_frame_free(s->frame);
  for (i = 0; i < 2; ++i) {
    shmv_reader_detach(s->reader[i]);
    peer_end(&s->writer[i]);
  }
}

/* Waits until this reader is the one that is ready. */
static void wait_for(scene* s, int who) {
  CHECK_RESULT(shmv_set_wait(s->set, s->ready, 2, PATIENCE_NS), SHMV_OK);
  CHECK(s->ready[who] == 1 && s->ready[1 - who] == 0);
}

static void whoever_has_a_frame_is_ready(void) {
  scene s = begin();
  CHECK_RESULT(shmv_set_wait(s.set, s.ready, 2, 0), SHMV_TIMEOUT);
  CHECK_RESULT(shmv_set_wait(s.set, s.ready, 2, SECOND_NS / 50), SHMV_TIMEOUT);
  CHECK(s.ready[0] == 0 && s.ready[1] == 0);
  peer_do(&s.writer[1], "publish 1 0");
  wait_for(&s, 1);
  /* Told once: who does not ask is not woken again for the same. */
  CHECK_RESULT(shmv_set_wait(s.set, s.ready, 2, 0), SHMV_TIMEOUT);
  peer_do(&s.writer[0], "publish 2 0");
  wait_for(&s, 0);
  CHECK(next_value(s.reader[0], s.frame) == 2 && next_value(s.reader[1], s.frame) == 1);

  /* Two at once, then a second one that is left after the first was taken. */
  peer_do(&s.writer[0], "publish 3 0");
  peer_do(&s.writer[0], "publish 4 0");
  peer_do(&s.writer[1], "publish 5 0");
  CHECK_RESULT(shmv_set_wait(s.set, s.ready, 2, PATIENCE_NS), SHMV_OK);
  CHECK(s.ready[0] == 1 && s.ready[1] == 1);
  CHECK(next_value(s.reader[0], s.frame) == 3 && next_value(s.reader[1], s.frame) == 5);
  wait_for(&s, 0);
  CHECK(next_value(s.reader[0], s.frame) == 4);
  CHECK_RESULT(shmv_set_wait(s.set, s.ready, 2, 0), SHMV_TIMEOUT);
  end(&s);
}

static void* publish_later(void* of) {
  peer_do(of, "publish 9 0");
  return NULL;
}

static void a_sleep_ends_with_a_frame_of_any(void) {
  scene s = begin();
  int i;
  for (i = 0; i < 20; ++i) {
    pthread_t publishing;
    CHECK(pthread_create(&publishing, NULL, publish_later, &s.writer[i % 2]) == 0);
    CHECK_RESULT(shmv_set_wait(s.set, s.ready, 2, SHMV_FOREVER), SHMV_OK);
    CHECK(s.ready[i % 2] == 1 && next_value(s.reader[i % 2], s.frame) == 9);
    CHECK(pthread_join(publishing, NULL) == 0);
  }
  end(&s);
}

static void an_end_is_told_and_a_successor_found(void) {
  scene s = begin();
  peer_do(&s.writer[0], "publish 1 0");
  wait_for(&s, 0);
  CHECK(next_value(s.reader[0], s.frame) == 1);
  peer_kill(&s.writer[0]);
  wait_for(&s, 0);
  CHECK_RESULT(shmv_reader_next(s.reader[0], s.frame, 0), SHMV_WRITER_GONE);
  CHECK_RESULT(shmv_set_wait(s.set, s.ready, 2, SECOND_NS / 10), SHMV_TIMEOUT);
  /* The other one goes on meanwhile. */
  peer_do(&s.writer[1], "publish 2 0");
  wait_for(&s, 1);
  CHECK(next_value(s.reader[1], s.frame) == 2);
  s.writer[0] = peer_start(s.name[0]);
  peer_do(&s.writer[0], "publish 3 0");
  wait_for(&s, 0);
  CHECK(next_value(s.reader[0], s.frame) == 3);
  peer_do(&s.writer[0], "reserve 64 48");
  peer_do(&s.writer[0], "publish 4 0");
  wait_for(&s, 0);
  CHECK_RESULT(shmv_reader_next(s.reader[0], s.frame, 0), SHMV_OK);
  CHECK(shmv_frame_info_of(s.frame)->width == 64);
  end(&s);
}

static void* interrupt(void* reader) {
  shmv_reader_interrupt(reader);
  return NULL;
}

static void an_interruption_ends_the_wait(void) {
  scene s = begin();
  pthread_t other;
  CHECK(pthread_create(&other, NULL, interrupt, s.reader[1]) == 0);
  CHECK_RESULT(shmv_set_wait(s.set, s.ready, 2, SHMV_FOREVER), SHMV_OK);
  CHECK(s.ready[0] == 0 && s.ready[1] == 1);
  CHECK_RESULT(shmv_reader_next(s.reader[1], s.frame, SHMV_FOREVER), SHMV_TIMEOUT);
  CHECK(pthread_join(other, NULL) == 0);
  CHECK_RESULT(shmv_set_wait(s.set, s.ready, 2, 0), SHMV_TIMEOUT);
  end(&s);
}

/* Four wakes a second are the safety against a writer that is killed before it wakes; polling would be many
 * more, and a busy machine makes them fewer. */
static void nothing_is_polled_while_the_writers_live(void) {
  scene s = begin();
  struct rusage before, after;
  CHECK(getrusage(RUSAGE_THREAD, &before) == 0);
  CHECK_RESULT(shmv_set_wait(s.set, s.ready, 2, 3 * SECOND_NS), SHMV_TIMEOUT);
  CHECK(getrusage(RUSAGE_THREAD, &after) == 0);
  CHECK(after.ru_nvcsw - before.ru_nvcsw <= 20);
  end(&s);
}

static void a_set_has_its_limits(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 3);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_OBSERVE, SHMV_ORDER_NEWEST, SHMV_START_NEXT);
  shmv_reader* readers[SHMV_SET_MAX];
  shmv_set* set;
  uint8_t ready[SHMV_SET_MAX];
  shmv_frame* frame = shmv_frame_new();
  int i;
  CHECK_RESULT(shmv_set_new(&set), SHMV_OK);
  CHECK_RESULT(shmv_set_wait(set, ready, SHMV_SET_MAX, 0), SHMV_ERROR_INVALID_ARGUMENT); /* nobody in it */
  for (i = 0; i < SHMV_SET_MAX; ++i) {
    readers[i] = new_reader(name, SHMV_GRADE_OBSERVE, SHMV_ORDER_NEWEST, SHMV_START_NEXT);
    CHECK(shmv_set_add(set, readers[i]) == i);
  }
  CHECK_RESULT(shmv_set_add(set, reader), SHMV_ERROR_INVALID_ARGUMENT);
  CHECK_RESULT(shmv_set_wait(set, ready, SHMV_SET_MAX - 1, 0), SHMV_ERROR_INVALID_ARGUMENT);
  publish(writer, 1, 0);
  CHECK_RESULT(shmv_set_wait(set, ready, SHMV_SET_MAX, PATIENCE_NS), SHMV_OK);
  for (i = 0; i < SHMV_SET_MAX; ++i) CHECK(ready[i] == 1 && next_value(readers[i], frame) == 1);
  /* So many words at once are waited for as few are. */
  CHECK_RESULT(shmv_set_wait(set, ready, SHMV_SET_MAX, SECOND_NS / 20), SHMV_TIMEOUT);
  shmv_set_free(set);
  for (i = 0; i < SHMV_SET_MAX; ++i) shmv_reader_detach(readers[i]);
  shmv_reader_detach(reader);
  shmv_frame_free(frame);
  shmv_writer_close(writer);
}

int main(void) {
  RUN(whoever_has_a_frame_is_ready);
  RUN(a_sleep_ends_with_a_frame_of_any);
  RUN(an_end_is_told_and_a_successor_found);
  RUN(an_interruption_ends_the_wait);
  RUN(nothing_is_polled_while_the_writers_live);
  RUN(a_set_has_its_limits);
  return 0;
}

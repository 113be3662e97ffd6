/* SPDX-License-Identifier: Apache-2.0 */
/* One thread that waits for several segments, whose writers are other processes. */
#define _DEFAULT_SOURCE
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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

typedef struct sleeper {
  pid_t thread;
  shmv_writer* writer;
  int words;
  struct timespec published;
} sleeper;

/* Publishes when the thread sleeps in futex_waitv, and says on how many words it does. */
static void* publish_to_a_sleeper(void* of) {
  sleeper* who = of;
  char path[64], text[256];
  const struct timespec moment = {0, 1000000};
  snprintf(path, sizeof path, "/proc/self/task/%ld/syscall", (long)who->thread);
  for (who->words = 0; who->words == 0;) {
    FILE* file = fopen(path, "r");
    unsigned long address, words;
    int call;
    CHECK(file && fgets(text, sizeof text, file));
    fclose(file);
    if (sscanf(text, "%d %lx %lx", &call, &address, &words) == 3 && call == 449) who->words = (int)words;
    nanosleep(&moment, NULL);
  }
  clock_gettime(CLOCK_MONOTONIC, &who->published);
  publish(who->writer, 1, 0);
  return NULL;
}

/* By itself the sleep ends four times a second, so a word that is forgotten shows in the time: at best of
 * twenty times, which a busy machine cannot spoil. */
static void the_last_of_many_wakes_as_well(void) {
  const char *silent = new_name(), *busy = new_name();
  shmv_writer *first = new_writer(silent, 3), *last = new_writer(busy, 3);
  shmv_reader* readers[SHMV_SET_MAX];
  shmv_set* set;
  shmv_frame* frame = shmv_frame_new();
  uint8_t ready[SHMV_SET_MAX];
  int64_t best = INT64_MAX;
  int i;
  CHECK_RESULT(shmv_set_new(&set), SHMV_OK);
  for (i = 0; i < SHMV_SET_MAX; ++i) {
    readers[i] = new_reader(i < SHMV_SET_MAX - 1 ? silent : busy, SHMV_GRADE_OBSERVE, SHMV_ORDER_NEWEST,
                            SHMV_START_NEXT);
    CHECK(shmv_set_add(set, readers[i]) == i);
  }
  for (i = 0; i < 20; ++i) {
    sleeper who = {gettid(), last, 0, {0, 0}};
    struct timespec now;
    pthread_t publishing;
    int64_t took;
    CHECK(pthread_create(&publishing, NULL, publish_to_a_sleeper, &who) == 0);
    CHECK_RESULT(shmv_set_wait(set, ready, SHMV_SET_MAX, SHMV_FOREVER), SHMV_OK);
    clock_gettime(CLOCK_MONOTONIC, &now);
    CHECK(pthread_join(publishing, NULL) == 0);
    CHECK(ready[SHMV_SET_MAX - 1] == 1 && ready[0] == 0 && who.words == 3 * SHMV_SET_MAX);
    CHECK(next_value(readers[SHMV_SET_MAX - 1], frame) == 1);
    took = (now.tv_sec - who.published.tv_sec) * SECOND_NS + (now.tv_nsec - who.published.tv_nsec);
    if (took < best) best = took;
  }
  CHECK(best < SECOND_NS / 10);
  shmv_set_free(set);
  for (i = 0; i < SHMV_SET_MAX; ++i) shmv_reader_detach(readers[i]);
  shmv_frame_free(frame);
  shmv_writer_close(first);
  shmv_writer_close(last);
}

/* A kernel before 5.16, or a sandbox: then the set looks again twenty times a second. */
static void a_set_works_without_futex_waitv(void) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 449, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof code[0], code};
  int status;
  pid_t child;
  fflush(NULL);
  child = fork();
  if (child == 0) {
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
    a_sleep_ends_with_a_frame_of_any();
    an_end_is_told_and_a_successor_found();
    _exit(0);
  }
  CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
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
  RUN(the_last_of_many_wakes_as_well);
  RUN(a_set_works_without_futex_waitv);
  RUN(a_set_has_its_limits);
  return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

void check_that(int holds, const char* condition, const char* file, int line) {
  if (holds) return;
  fprintf(stderr, "%s:%d: not so: %s\nthe last error: %s\n", file, line, condition, shmv_last_error());
  exit(1);
}

void check_result(int got, int expected, const char* call, const char* file, int line) {
  if (got == expected) return;
  fprintf(stderr, "%s:%d: %s gave %s (%d) instead of %s (%d)\nthe last error: %s\n", file, line, call,
          shmv_result_name(got), got, shmv_result_name(expected), expected, shmv_last_error());
  exit(1);
}

const char* new_name(void) {
  static char names[8][64];
  static int count;
  char* name = names[count % 8];
  snprintf(name, sizeof names[0], "capi-%ld-%d", (long)getpid(), count);
  ++count;
  return name;
}

shmv_writer* new_writer(const char* name, uint32_t slots) {
  shmv_writer_options options = SHMV_WRITER_OPTIONS_INIT;
  shmv_writer* writer = NULL;
  options.slots = slots;
  options.stream.fourcc = shmv_format_fourcc("BGR24");
  options.stream.width = WIDTH;
  options.stream.height = HEIGHT;
  options.program = "capi";
  options.source = "a test";
  CHECK_RESULT(shmv_writer_create(name, &options, &writer), SHMV_OK);
  CHECK(writer != NULL);
  return writer;
}

void publish(shmv_writer* writer, int value, uint64_t capture_ns) {
  unsigned char bytes[BYTES];
  shmv_frame_info info = SHMV_FRAME_INFO_INIT;
  memset(bytes, value, sizeof bytes);
  CHECK_RESULT(shmv_frame_info_packed(shmv_format_fourcc("BGR24"), WIDTH, HEIGHT, &info), SHMV_OK);
  info.capture_monotonic_ns = capture_ns;
  CHECK_RESULT(shmv_writer_publish(writer, &info, bytes), SHMV_OK);
}

shmv_reader* new_reader(const char* name, uint32_t grade, uint32_t order, uint32_t start) {
  shmv_reader_options options = SHMV_READER_OPTIONS_INIT;
  shmv_reader* reader = NULL;
  options.grade = grade;
  options.order = order;
  options.start = start;
  options.program = "capi-reader";
  CHECK_RESULT(shmv_reader_attach(name, &options, &reader), SHMV_OK);
  return reader;
}

int next_value(shmv_reader* reader, shmv_frame* frame) {
  int value;
  CHECK_RESULT(shmv_reader_next(reader, frame, PATIENCE_NS), SHMV_OK);
  CHECK(shmv_frame_info_of(frame)->payload_bytes == BYTES);
  value = *(const unsigned char*)shmv_frame_bytes(frame);
  CHECK_RESULT(shmv_frame_valid(frame), SHMV_OK);
  return value;
}

peer peer_start(const char* name) {
  peer who;
  int to[2], from[2];
  char line[64];
  CHECK(pipe(to) == 0 && pipe(from) == 0);
  /* A peer that was started before must not keep these open for a later one. */
  fcntl(to[1], F_SETFD, FD_CLOEXEC);
  fcntl(from[0], F_SETFD, FD_CLOEXEC);
  fflush(NULL);
  who.pid = fork();
  CHECK(who.pid >= 0);
  if (who.pid == 0) {
    dup2(to[0], 0);
    dup2(from[1], 1);
    close(to[0]);
    close(from[1]);
    execl(SHMV_TEST_PEER, "peer", name, (char*)NULL);
    _exit(127);
  }
  close(to[0]);
  close(from[1]);
  who.to = fdopen(to[1], "w");
  who.from = fdopen(from[0], "r");
  CHECK(fgets(line, sizeof line, who.from) && strcmp(line, "ready\n") == 0);
  return who;
}

void peer_do(peer* who, const char* line) {
  char answer[64];
  fprintf(who->to, "%s\n", line);
  fflush(who->to);
  CHECK(fgets(answer, sizeof answer, who->from) && strcmp(answer, "done\n") == 0);
}

void peer_kill(peer* who) {
  kill(who->pid, SIGKILL);
  peer_end(who);
}

void peer_end(peer* who) {
  fclose(who->to);
  CHECK(waitpid(who->pid, NULL, 0) == who->pid);
  fclose(who->from);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests in C share: checks that end the test, segments of a size that is easy to look through, and a
 * second process that writes. */
#ifndef SHMVIDEO_CAPI_CHECK_H
#define SHMVIDEO_CAPI_CHECK_H

#include <shmvideo/shmv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#define SECOND_NS INT64_C(1000000000)
/* How long what must happen may take on a busy machine. */
#define PATIENCE_NS (30 * SECOND_NS)
#define WIDTH 32
#define HEIGHT 16
#define BYTES (WIDTH * HEIGHT * 3)

#define CHECK(condition) check_that((condition) ? 1 : 0, #condition, __FILE__, __LINE__)
/* A result of the library: both sides are told by name. */
#define CHECK_RESULT(call, expected) check_result((call), (expected), #call, __FILE__, __LINE__)
#define RUN(test)                          \
  do {                                     \
    printf("%s\n", #test), fflush(stdout); \
    test();                                \
  } while (0)

void check_that(int holds, const char* condition, const char* file, int line);
void check_result(int got, int expected, const char* call, const char* file, int line);

/* A name that nobody else has; static, good until the next but seven. */
const char* new_name(void);

/* A writer of BGR24 of WIDTH x HEIGHT. */
shmv_writer* new_writer(const char* name, uint32_t slots);
/* Publishes a picture whose bytes are all `value`, captured then (0: now). */
void publish(shmv_writer* writer, int value, uint64_t capture_ns);
shmv_reader* new_reader(const char* name, uint32_t grade, uint32_t order, uint32_t start);
/* The next frame, which must come; its first byte. */
int next_value(shmv_reader* reader, shmv_frame* frame);

/* The process of peer.c, which writes a segment and does what it is told, a line at a time. */
typedef struct peer {
  pid_t pid;
  FILE* to;
  FILE* from;
} peer;
peer peer_start(const char* name);
/* Gives the peer a line, and waits until it says that it is done. */
void peer_do(peer* who, const char* line);
void peer_kill(peer* who);
/* Ends it in good order. */
void peer_end(peer* who);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A second process: writes a segment, and does what lines on stdin say, answering "done" to each:
 *   publish VALUE CAPTURE_NS    a picture whose bytes are all VALUE
 *   reserve WIDTH HEIGHT        a new generation
 *   source STATE
 * At the end of its input it closes the segment. */
#include <shmvideo/shmv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char* what) {
  fprintf(stderr, "peer: %s: %s\n", what, shmv_last_error());
  return 1;
}

static int publish(shmv_writer* writer, const shmv_stream_info* stream, int value,
                   unsigned long long capture) {
  shmv_frame_info info = SHMV_FRAME_INFO_INIT;
  shmv_loan* loan;
  if (shmv_frame_info_packed(stream->fourcc, stream->width, stream->height, &info) != SHMV_OK) return 1;
  if (shmv_writer_loan(writer, &loan) != SHMV_OK) return 1;
  memset(shmv_loan_bytes(loan), value, info.payload_bytes);
  info.capture_monotonic_ns = capture;
  return shmv_loan_publish(loan, &info) != SHMV_OK;
}

int main(int argc, char** argv) {
  shmv_writer_options options = SHMV_WRITER_OPTIONS_INIT;
  shmv_stream_info* stream = &options.stream;
  shmv_writer* writer;
  char line[128];
  if (argc != 2) return 2;
  stream->fourcc = shmv_format_fourcc("BGR24");
  stream->width = 32;
  stream->height = 16;
  options.program = "capi-peer";
  if (shmv_writer_create(argv[1], &options, &writer) != SHMV_OK) return fail("create");
  puts("ready");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    unsigned long long capture = 0;
    unsigned value = 0;
    if (sscanf(line, "publish %u %llu", &value, &capture) >= 1) {
      if (publish(writer, stream, (int)value, capture)) return fail("publish");
    } else if (sscanf(line, "reserve %u %u", &stream->width, &stream->height) == 2) {
      if (shmv_writer_reserve(writer, stream, 0) != SHMV_OK) return fail("reserve");
    } else if (sscanf(line, "source %u", &value) == 1) {
      if (shmv_writer_set_source_state(writer, value) != SHMV_OK) return fail("source");
    } else {
      return 2;
    }
    puts("done");
    fflush(stdout);
  }
  shmv_writer_close(writer);
  return 0;
}

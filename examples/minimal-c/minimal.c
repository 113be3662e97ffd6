/* SPDX-License-Identifier: Apache-2.0 */
/* A consumer in C: prints what comes into a segment, one line a frame, until its writer ends.
 *
 *   minimal NAME [FRAMES]
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <shmvideo/shmv.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int complain(const char* what) {
  fprintf(stderr, "minimal: %s: %s\n", what, shmv_last_error());
  return 1;
}

static double milliseconds_since(uint64_t monotonic_ns) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec * INT64_C(1000000000) + now.tv_nsec - (int64_t)monotonic_ns) / 1e6;
}

/* The mean of the first plane's bytes (brightness, or what is like it); below 0 for coded frames. The frame
 * is looked at where it lies: nothing is copied. */
static double mean_of(const shmv_frame* frame) {
  shmv_plane plane = SHMV_PLANE_INIT;
  uint64_t sum = 0;
  uint32_t row, i;
  if (shmv_frame_plane(frame, 0, &plane) != SHMV_OK) return -1;
  for (row = 0; row < plane.rows; ++row) {
    const unsigned char* bytes = (const unsigned char*)plane.bytes + (size_t)row * plane.stride_bytes;
    for (i = 0; i < plane.row_bytes; ++i) sum += bytes[i];
  }
  return (double)sum / ((double)plane.row_bytes * plane.rows);
}

static void print_frame(const shmv_frame* frame) {
  const shmv_frame_info* info = shmv_frame_info_of(frame);
  const char* format = shmv_format_name(info->fourcc);
  const double mean = mean_of(frame);
  /* Asked after the work and before its result is believed: a writer that laps us takes a frame back. */
  if (shmv_frame_valid(frame) != SHMV_OK) {
    printf("frame %" PRIu64 " was taken back\n", info->number);
    return;
  }
  printf("frame %" PRIu64 " %" PRIu32 "x%" PRIu32 " %s", info->number, info->width, info->height,
         format ? format : "of an unknown format");
  if (mean >= 0) printf(" mean %.1f", mean);
  printf(" captured %.1f ms ago\n", milliseconds_since(info->capture_monotonic_ns));
  fflush(stdout);
}

int main(int argc, char** argv) {
  shmv_reader_options options = SHMV_READER_OPTIONS_INIT;
  shmv_reader_statistics statistics = SHMV_READER_STATISTICS_INIT;
  shmv_reader* reader = NULL;
  shmv_frame* frame = shmv_frame_new();
  long left = argc > 2 ? atol(argv[2]) : -1;
  int result = SHMV_OK;
  if (argc < 2) return fprintf(stderr, "usage: minimal NAME [FRAMES]\n"), 2;
  options.program = "minimal";
  options.attach_timeout_ns = INT64_C(10000000000);
  if (!frame || shmv_reader_attach(argv[1], &options, &reader) != SHMV_OK) return complain(argv[1]);

  while (left != 0) {
    result = shmv_reader_next(reader, frame, INT64_C(1000000000));
    if (result < 0) return complain("next");
    if (result == SHMV_OK) {
      print_frame(frame);
      if (left > 0) --left;
    } else if (result == SHMV_CLOSED || result == SHMV_WRITER_GONE) {
      break;
    } else {
      printf("no frame for a second: %s\n", shmv_result_name(result));
    }
  }
  shmv_reader_statistics_of(reader, &statistics);
  printf("%s: %" PRIu64 " frames seen, %" PRIu64 " missed\n", shmv_result_name(result), statistics.seen,
         statistics.missed);
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
  return 0;
}

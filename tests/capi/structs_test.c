/* SPDX-License-Identifier: Apache-2.0 */
/* Programs and libraries of different ages: structs that are shorter and longer than the library knows them.
 */
#include <stddef.h>

#include "check.h"

typedef struct longer_options {
  shmv_reader_options known;
  uint64_t later;
} longer_options;

typedef struct longer_statistics {
  shmv_reader_statistics known;
  uint64_t later;
} longer_statistics;

typedef struct longer_info {
  shmv_frame_info known;
  uint64_t later;
} longer_info;

static void a_shorter_struct_leaves_the_rest_to_the_defaults(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 4);
  shmv_reader_options options;
  shmv_reader_statistics statistics;
  shmv_reader* reader;
  shmv_frame* frame = shmv_frame_new();
  memset(&options, 0xff, sizeof options);
  options.struct_bytes = offsetof(shmv_reader_options, attach_timeout_ns);
  options.grade = SHMV_GRADE_HOLD;
  options.order = SHMV_ORDER_NEWEST;
  options.start = SHMV_START_NEWEST;
  CHECK_RESULT(shmv_reader_attach(name, &options, &reader), SHMV_OK);

  publish(writer, 3, 0);
  CHECK(next_value(reader, frame) == 3);
  CHECK(shmv_frame_is_held(frame)); /* `present` is 1 where it is not told */

  memset(&statistics, 0xff, sizeof statistics);
  statistics.struct_bytes = offsetof(shmv_reader_statistics, missed);
  CHECK_RESULT(shmv_reader_statistics_of(reader, &statistics), SHMV_OK);
  CHECK(statistics.is_present == 1 && statistics.seen == 1);
  CHECK(statistics.missed == UINT64_MAX && statistics.restarts == UINT64_MAX); /* not ours to touch */
  CHECK(statistics.struct_bytes == offsetof(shmv_reader_statistics, missed));
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
  shmv_writer_close(writer);
}

static void a_longer_struct_is_read_if_it_asks_for_nothing_unknown(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 4);
  longer_options options = {SHMV_READER_OPTIONS_INIT, 0};
  longer_statistics statistics = {SHMV_READER_STATISTICS_INIT, 42};
  shmv_reader* reader;
  options.known.struct_bytes = sizeof options;
  options.later = 1;
  CHECK_RESULT(shmv_reader_attach(name, &options.known, &reader), SHMV_ERROR_INVALID_ARGUMENT);
  CHECK(reader == NULL && strstr(shmv_last_error(), "does not know"));
  options.later = 0;
  CHECK_RESULT(shmv_reader_attach(name, &options.known, &reader), SHMV_OK);

  statistics.known.struct_bytes = sizeof statistics;
  CHECK_RESULT(shmv_reader_statistics_of(reader, &statistics.known), SHMV_OK);
  CHECK(statistics.later == 0 && statistics.known.struct_bytes == sizeof statistics);
  shmv_reader_detach(reader);
  shmv_writer_close(writer);
}

static void frames_are_published_by_programs_of_any_age(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 4);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_IN_ORDER, SHMV_START_NEXT);
  shmv_frame* frame = shmv_frame_new();
  const shmv_frame_info* found;
  static unsigned char bytes[BYTES];
  longer_info info = {SHMV_FRAME_INFO_INIT, 0};
  CHECK_RESULT(shmv_frame_info_packed(shmv_format_fourcc("BGR24"), WIDTH, HEIGHT, &info.known), SHMV_OK);
  info.known.pts = 5;
  info.known.struct_bytes = offsetof(shmv_frame_info, capture_monotonic_ns);
  CHECK_RESULT(shmv_writer_publish(writer, &info.known, bytes), SHMV_OK);
  info.known.struct_bytes = sizeof info;
  CHECK_RESULT(shmv_writer_publish(writer, &info.known, bytes), SHMV_OK);
  info.later = 1;
  CHECK_RESULT(shmv_writer_publish(writer, &info.known, bytes), SHMV_ERROR_INVALID_ARGUMENT);

  CHECK_RESULT(shmv_reader_next(reader, frame, PATIENCE_NS), SHMV_OK);
  found = shmv_frame_info_of(frame);
  CHECK(found->struct_bytes == sizeof *found && found->pts == SHMV_NO_TIME && found->colour_primaries == 2);
  CHECK_RESULT(shmv_reader_next(reader, frame, PATIENCE_NS), SHMV_OK);
  CHECK(shmv_frame_info_of(frame)->pts == 5);
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
  shmv_writer_close(writer);
}

static void a_size_that_cannot_be_is_refused(void) {
  static const uint32_t sizes[] = {
      0, 4, 7, 13, sizeof(shmv_reader_options) - 1, 4104, 0x7ffffff8, UINT32_MAX - 7};
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 4);
  size_t i;
  for (i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
    shmv_reader_options options = SHMV_READER_OPTIONS_INIT;
    shmv_reader_statistics statistics = SHMV_READER_STATISTICS_INIT;
    shmv_writer_statistics written = SHMV_WRITER_STATISTICS_INIT;
    shmv_stream_info stream = SHMV_STREAM_INFO_INIT;
    shmv_reader* reader;
    options.struct_bytes = sizes[i];
    CHECK_RESULT(shmv_reader_attach(name, &options, &reader), SHMV_ERROR_INVALID_ARGUMENT);
    CHECK_RESULT(shmv_reader_attach(name, NULL, &reader), SHMV_OK);
    statistics.struct_bytes = written.struct_bytes = stream.struct_bytes = sizes[i];
    CHECK_RESULT(shmv_reader_statistics_of(reader, &statistics), SHMV_ERROR_INVALID_ARGUMENT);
    if (sizes[i] % 4 || sizes[i] > 4096)
      CHECK_RESULT(shmv_reader_stream(reader, &stream), SHMV_ERROR_INVALID_ARGUMENT);
    CHECK_RESULT(shmv_writer_statistics_of(writer, &written), SHMV_ERROR_INVALID_ARGUMENT);
    shmv_reader_detach(reader);
  }
  shmv_writer_close(writer);
}

static int attach_with(const char* name, shmv_reader_options options) {
  shmv_reader* reader;
  const int result = shmv_reader_attach(name, &options, &reader);
  shmv_reader_detach(reader);
  return result;
}

static void values_that_there_are_not_are_refused(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 2);
  const shmv_reader_options good = SHMV_READER_OPTIONS_INIT;
  shmv_reader_options bad = good;
  CHECK_RESULT(attach_with(name, good), SHMV_OK);
  bad.grade = SHMV_GRADE_HOLD + 1;
  CHECK_RESULT(attach_with(name, bad), SHMV_ERROR_INVALID_ARGUMENT);
  bad.grade = 0;
  CHECK_RESULT(attach_with(name, bad), SHMV_ERROR_INVALID_ARGUMENT);
  bad = good;
  bad.order = SHMV_ORDER_IN_ORDER + 1;
  CHECK_RESULT(attach_with(name, bad), SHMV_ERROR_INVALID_ARGUMENT);
  bad = good;
  bad.start = SHMV_START_KEY + 1;
  CHECK_RESULT(attach_with(name, bad), SHMV_ERROR_INVALID_ARGUMENT);
  bad = good;
  bad.follow = 2;
  CHECK_RESULT(attach_with(name, bad), SHMV_ERROR_INVALID_ARGUMENT);
  bad = good;
  bad.reserved[5] = 1;
  CHECK_RESULT(attach_with(name, bad), SHMV_ERROR_INVALID_ARGUMENT);
  shmv_writer_close(writer);
}

/* What programs were compiled with must not move. The whole is compared by capi.abi; these are its corner
 * stones, for languages that write the structs down themselves. */
static void structs_are_as_long_as_they_were(void) {
  if (sizeof(void*) != 8) return;
  CHECK(sizeof(shmv_frame_info) == 176 && offsetof(shmv_frame_info, number) == 144);
  CHECK(sizeof(shmv_reader_options) == 40 && sizeof(shmv_stream_info) == 48);
  CHECK(sizeof(shmv_reader_statistics) == 48 && sizeof(shmv_writer_options) == 96);
  CHECK(sizeof(shmv_writer_statistics) == 112 && sizeof(shmv_segment_info) == 168);
  CHECK(sizeof(shmv_plane) == 24);
}

int main(void) {
  RUN(a_shorter_struct_leaves_the_rest_to_the_defaults);
  RUN(a_longer_struct_is_read_if_it_asks_for_nothing_unknown);
  RUN(frames_are_published_by_programs_of_any_age);
  RUN(a_size_that_cannot_be_is_refused);
  RUN(values_that_there_are_not_are_refused);
  RUN(structs_are_as_long_as_they_were);
  return 0;
}

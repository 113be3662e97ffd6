/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

static void a_loan_is_filled_in_place(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 3);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_IN_ORDER, SHMV_START_NEXT);
  shmv_frame* frame = shmv_frame_new();
  shmv_frame_info info = SHMV_FRAME_INFO_INIT;
  shmv_loan *loan, *another = NULL;
  CHECK_RESULT(shmv_frame_info_packed(shmv_format_fourcc("BGR24"), WIDTH, HEIGHT, &info), SHMV_OK);
  CHECK_RESULT(shmv_writer_loan(writer, &loan), SHMV_OK);
  CHECK(shmv_loan_capacity(loan) >= BYTES);
  CHECK_RESULT(shmv_writer_loan(writer, &another), SHMV_ERROR_INVALID_ARGUMENT);
  CHECK(another == NULL);
  memset(shmv_loan_bytes(loan), 4, BYTES);
  CHECK_RESULT(shmv_loan_publish(loan, &info), SHMV_OK);
  CHECK(!shmv_loan_bytes(loan) && shmv_loan_capacity(loan) == 0);
  CHECK_RESULT(shmv_loan_publish(loan, &info), SHMV_ERROR_NO_FRAME);
  CHECK(next_value(reader, frame) == 4);

  /* One that is given up is seen by nobody, and the next can be had. */
  CHECK_RESULT(shmv_writer_loan(writer, &loan), SHMV_OK);
  shmv_loan_abandon(loan);
  shmv_loan_abandon(loan);
  CHECK_RESULT(shmv_writer_loan(writer, &loan), SHMV_OK);
  CHECK_RESULT(shmv_loan_publish(loan, NULL), SHMV_ERROR_INVALID_ARGUMENT);
  CHECK_RESULT(shmv_writer_loan(writer, &loan), SHMV_OK); /* the one before has ended, whatever it said */
  CHECK_RESULT(shmv_reader_next(reader, frame, 0), SHMV_TIMEOUT);
  shmv_writer_close(writer); /* with a loan open */
  CHECK_RESULT(shmv_reader_next(reader, frame, SHMV_FOREVER), SHMV_CLOSED);
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
}

static void what_does_not_fit_is_counted_and_may_be_reserved(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 3);
  shmv_frame_info info = SHMV_FRAME_INFO_INIT;
  shmv_stream_info stream = SHMV_STREAM_INFO_INIT;
  shmv_writer_statistics statistics = SHMV_WRITER_STATISTICS_INIT;
  static unsigned char bytes[64 * 64 * 3];
  shmv_loan* loan;
  stream.fourcc = shmv_format_fourcc("BGR24");
  stream.width = stream.height = 64;
  CHECK_RESULT(shmv_frame_info_packed(stream.fourcc, 64, 64, &info), SHMV_OK);
  CHECK_RESULT(shmv_writer_publish(writer, &info, bytes), SHMV_TOO_LARGE);
  CHECK_RESULT(shmv_writer_loan(writer, &loan), SHMV_OK);
  CHECK_RESULT(shmv_writer_reserve(writer, &stream, 0), SHMV_ERROR_INVALID_ARGUMENT);
  shmv_loan_abandon(loan);
  CHECK_RESULT(shmv_writer_reserve(writer, &stream, 0), SHMV_OK);
  CHECK_RESULT(shmv_writer_publish(writer, &info, bytes), SHMV_OK);
  CHECK_RESULT(shmv_writer_drop(writer, SHMV_DROP_SOURCE, 5), SHMV_OK);
  CHECK_RESULT(shmv_writer_drop(writer, SHMV_DROP_CAUSES, 5), SHMV_ERROR_INVALID_ARGUMENT);
  CHECK_RESULT(shmv_writer_statistics_of(writer, &statistics), SHMV_OK);
  CHECK(statistics.published == 1 && statistics.latest == 1 && statistics.generation == 2);
  CHECK(statistics.dropped[SHMV_DROP_TOO_LARGE] == 1 && statistics.dropped[SHMV_DROP_SOURCE] == 5);
  shmv_writer_close(writer);
}

static void frames_that_contradict_themselves_are_refused(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 3);
  shmv_frame_info info = SHMV_FRAME_INFO_INIT;
  static unsigned char bytes[BYTES];
  CHECK_RESULT(shmv_writer_publish(writer, &info, bytes), SHMV_ERROR_INVALID_ARGUMENT); /* no payload */
  CHECK_RESULT(shmv_frame_info_packed(shmv_format_fourcc("BGR24"), WIDTH, HEIGHT, &info), SHMV_OK);
  info.plane_offset[0] = BYTES;
  CHECK_RESULT(shmv_writer_publish(writer, &info, bytes), SHMV_ERROR_INVALID_ARGUMENT);
  info.plane_offset[0] = 0;
  info.plane_count = SHMV_PLANES_MAX + 1;
  CHECK_RESULT(shmv_writer_publish(writer, &info, bytes), SHMV_ERROR_INVALID_ARGUMENT);
  shmv_writer_close(writer);
}

static void options_that_cannot_be_are_refused(void) {
  const char* name = new_name();
  shmv_writer_options options = SHMV_WRITER_OPTIONS_INIT;
  shmv_writer* writer;
  CHECK_RESULT(shmv_writer_create(name, &options, &writer), SHMV_ERROR_INVALID_ARGUMENT); /* of no size */
  options.slot_capacity_bytes = 1000;
  options.mode = 0666;
  CHECK_RESULT(shmv_writer_create(name, &options, &writer), SHMV_ERROR_INVALID_ARGUMENT);
  options.mode = 0640;
  options.slots = 1;
  CHECK_RESULT(shmv_writer_create(name, &options, &writer), SHMV_ERROR_INVALID_ARGUMENT);
  options.slots = 6;
  options.group = "no such group";
  CHECK_RESULT(shmv_writer_create(name, &options, &writer), SHMV_ERROR_INVALID_ARGUMENT);
  CHECK(writer == NULL && strstr(shmv_last_error(), "no such group"));
  options.group = NULL;
  options.stream.kind = 7;
  CHECK_RESULT(shmv_writer_create(name, &options, &writer), SHMV_ERROR_INVALID_ARGUMENT);
  options.stream.kind = SHMV_KIND_CODED;
  options.stream.reserved[4] = 1;
  CHECK_RESULT(shmv_writer_create(name, &options, &writer), SHMV_ERROR_INVALID_ARGUMENT);
  options.stream.reserved[4] = 0;
  options.stream.struct_bytes = 0;
  CHECK_RESULT(shmv_writer_create(name, &options, &writer), SHMV_ERROR_INVALID_ARGUMENT);
  options.stream.struct_bytes = sizeof options.stream;
  CHECK_RESULT(shmv_writer_create(name, &options, &writer), SHMV_OK);
  shmv_writer_progress(writer);
  CHECK_RESULT(shmv_writer_set_frame_interval(writer, SECOND_NS), SHMV_OK);
  CHECK_RESULT(shmv_writer_set_source_state(writer, 0), SHMV_ERROR_INVALID_ARGUMENT);
  CHECK_RESULT(shmv_writer_set_source_state(writer, 4), SHMV_ERROR_INVALID_ARGUMENT);
  CHECK_RESULT(shmv_writer_set_extradata(writer, "", SHMV_EXTRADATA_CAPACITY_BYTES + 1),
               SHMV_ERROR_INVALID_ARGUMENT);
  shmv_writer_close(writer);
}

int main(void) {
  RUN(a_loan_is_filled_in_place);
  RUN(what_does_not_fit_is_counted_and_may_be_reserved);
  RUN(frames_that_contradict_themselves_are_refused);
  RUN(options_that_cannot_be_are_refused);
  return 0;
}

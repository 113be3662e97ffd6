/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

static void formats_have_names_and_sizes(void) {
  const uint32_t bgr = shmv_format_fourcc("BGR24"), nv12 = shmv_format_fourcc("nv12");
  CHECK(bgr != 0 && nv12 != 0 && bgr != nv12);
  CHECK(strcmp(shmv_format_name(bgr), "BGR24") == 0);
  CHECK(shmv_format_name(1) == NULL);
  CHECK(shmv_format_fourcc("no such format") == 0);
  CHECK(shmv_format_row_bytes(bgr, 0, 5) == 15 && shmv_format_rows(bgr, 0, 7) == 7);
  CHECK(shmv_format_row_bytes(bgr, 1, 5) == 0 && shmv_format_rows(bgr, 1, 7) == 0);
  CHECK(shmv_format_row_bytes(nv12, 1, 5) == 6 && shmv_format_rows(nv12, 1, 7) == 4);
  CHECK(shmv_format_row_bytes(1, 0, 5) == 0 && shmv_format_rows(1, 0, 5) == 0);
  CHECK(shmv_format_row_bytes(bgr, 0, UINT32_MAX) == 0 && shmv_format_rows(bgr, 0, UINT32_MAX) == 0);
}

static void a_packed_picture_is_described(void) {
  shmv_frame_info info = SHMV_FRAME_INFO_INIT;
  CHECK_RESULT(shmv_frame_info_packed(shmv_format_fourcc("I420"), 5, 3, &info), SHMV_OK);
  CHECK(info.width == 5 && info.height == 3 && info.plane_count == 3);
  CHECK(info.plane_stride[0] == 5 && info.plane_stride[1] == 3 && info.plane_stride[2] == 3);
  CHECK(info.plane_offset[1] == 15 && info.plane_offset[2] == 21 && info.payload_bytes == 27);
  CHECK(info.flags == SHMV_FRAME_KEY && info.pts == SHMV_NO_TIME && info.colour_range == 1);
  CHECK_RESULT(shmv_frame_info_packed(shmv_format_fourcc("JPEG"), 5, 3, &info), SHMV_ERROR_INVALID_ARGUMENT);
  CHECK_RESULT(shmv_frame_info_packed(1, 5, 3, &info), SHMV_ERROR_INVALID_ARGUMENT);
  CHECK_RESULT(shmv_frame_info_packed(info.fourcc, 0, 3, &info), SHMV_ERROR_INVALID_ARGUMENT);
  CHECK_RESULT(shmv_frame_info_packed(info.fourcc, 70000, 3, &info), SHMV_ERROR_INVALID_ARGUMENT);
}

static void an_empty_handle_has_no_frame(void) {
  shmv_frame* frame = shmv_frame_new();
  shmv_plane plane = SHMV_PLANE_INIT;
  char byte;
  CHECK(frame && !shmv_frame_info_of(frame) && !shmv_frame_bytes(frame) && !shmv_frame_is_held(frame));
  CHECK_RESULT(shmv_frame_valid(frame), SHMV_ERROR_NO_FRAME);
  CHECK_RESULT(shmv_frame_copy(frame, &byte, 1), SHMV_ERROR_NO_FRAME);
  CHECK_RESULT(shmv_frame_plane(frame, 0, &plane), SHMV_ERROR_NO_FRAME);
  shmv_frame_release(frame);
  shmv_frame_free(frame);
}

static void a_frame_is_copied_moved_and_released(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 4);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_NEWEST, SHMV_START_NEWEST);
  shmv_frame *frame = shmv_frame_new(), *kept = shmv_frame_new();
  unsigned char copy[BYTES];
  int i;
  publish(writer, 7, 0);
  CHECK(next_value(reader, frame) == 7);
  CHECK_RESULT(shmv_frame_copy(frame, copy, BYTES - 1), SHMV_ERROR_INVALID_ARGUMENT);
  CHECK_RESULT(shmv_frame_copy(frame, copy, BYTES), SHMV_OK);
  for (i = 0; i < BYTES; ++i) CHECK(copy[i] == 7);

  shmv_frame_move(kept, frame);
  CHECK(!shmv_frame_bytes(frame) && shmv_frame_is_held(kept) && shmv_frame_info_of(kept)->number == 1);
  shmv_frame_move(kept, kept);
  CHECK(shmv_frame_is_held(kept));
  publish(writer, 8, 0);
  CHECK(next_value(reader, frame) == 8);
  /* Held, and outliving its reader, the first is still what it was. */
  shmv_reader_detach(reader);
  CHECK_RESULT(shmv_frame_valid(kept), SHMV_OK);
  CHECK(*(const unsigned char*)shmv_frame_bytes(kept) == 7);
  shmv_frame_release(kept);
  CHECK(!shmv_frame_info_of(kept) && !shmv_frame_bytes(kept));
  shmv_frame_move(frame, NULL);
  CHECK(!shmv_frame_bytes(frame));
  shmv_frame_free(frame);
  shmv_frame_free(kept);
  shmv_writer_close(writer);
}

static void planes_are_checked_before_they_are_given(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 4);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_NEWEST, SHMV_START_NEWEST);
  shmv_frame* frame = shmv_frame_new();
  shmv_plane plane = SHMV_PLANE_INIT;
  shmv_frame_info info = SHMV_FRAME_INFO_INIT;
  static unsigned char bytes[BYTES];
  publish(writer, 7, 0);
  CHECK(next_value(reader, frame) == 7);
  CHECK_RESULT(shmv_frame_plane(frame, 0, &plane), SHMV_OK);
  CHECK(plane.bytes == shmv_frame_bytes(frame) && plane.rows == HEIGHT);
  CHECK(plane.row_bytes == WIDTH * 3 && plane.stride_bytes == WIDTH * 3);
  CHECK_RESULT(shmv_frame_plane(frame, 1, &plane), SHMV_ERROR_INVALID_ARGUMENT);

  /* Rows that would reach beyond the payload. */
  CHECK_RESULT(shmv_frame_info_packed(shmv_format_fourcc("BGR24"), WIDTH, HEIGHT, &info), SHMV_OK);
  info.plane_stride[0] += 1;
  CHECK_RESULT(shmv_writer_publish(writer, &info, bytes), SHMV_OK);
  CHECK_RESULT(shmv_reader_next(reader, frame, PATIENCE_NS), SHMV_OK);
  CHECK_RESULT(shmv_frame_plane(frame, 0, &plane), SHMV_ERROR_INVALID_ARGUMENT);

  /* A coded frame has no planes. */
  info.fourcc = shmv_format_fourcc("JPEG");
  info.plane_count = 0;
  CHECK_RESULT(shmv_writer_publish(writer, &info, bytes), SHMV_OK);
  CHECK_RESULT(shmv_reader_next(reader, frame, PATIENCE_NS), SHMV_OK);
  CHECK_RESULT(shmv_frame_plane(frame, 0, &plane), SHMV_ERROR_INVALID_ARGUMENT);
  shmv_frame_free(frame);
  shmv_reader_detach(reader);
  shmv_writer_close(writer);
}

int main(void) {
  RUN(formats_have_names_and_sizes);
  RUN(a_packed_picture_is_described);
  RUN(an_empty_handle_has_no_frame);
  RUN(a_frame_is_copied_moved_and_released);
  RUN(planes_are_checked_before_they_are_given);
  return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * golden-read-c NAME
 *
 * What the C interface reads in a segment, in the canonical form of ../README.md.
 */
#include <stdio.h>
#include <stdlib.h>

#include "readers/canonical.h"
#include "shmvideo/shmv.h"

static const char* state_word(int state) {
  switch (state) {
    case SHMV_SEGMENT_LIVE:
      return "live";
    case SHMV_SEGMENT_STALLED:
      return "stalled";
    case SHMV_SEGMENT_DEAD:
      return "dead";
    case SHMV_SEGMENT_CLOSED:
      return "closed";
    default:
      return "unknown";
  }
}

static int begin(const char* name, const shmv_reader* reader) {
  shmv_stream_info stream = SHMV_STREAM_INFO_INIT;
  unsigned char extradata[SHMV_EXTRADATA_CAPACITY_BYTES];
  size_t extradata_bytes = sizeof extradata;
  if (shmv_reader_stream(reader, &stream) != SHMV_OK) return -1;
  if (shmv_reader_extradata(reader, extradata, &extradata_bytes) != SHMV_OK) return -1;
  golden_begin(&(golden_segment){.name = name,
                                 .kind = stream.kind,
                                 .fourcc = stream.fourcc,
                                 .width = stream.width,
                                 .height = stream.height,
                                 .fps_numerator = stream.fps_numerator,
                                 .fps_denominator = stream.fps_denominator,
                                 .generation = shmv_reader_generation(reader),
                                 .state = state_word(shmv_reader_state(reader)),
                                 .source_state = (uint32_t)shmv_reader_source_state(reader),
                                 .extradata = extradata,
                                 .extradata_bytes = extradata_bytes});
  return 0;
}

static void add(const shmv_frame_info* f, const void* bytes) {
  golden_add(
      &(golden_frame){.number = f->number,
                      .key_number = f->key_number,
                      .source_number = f->source_number,
                      .format_epoch = f->format_epoch,
                      .fourcc = f->fourcc,
                      .width = f->width,
                      .height = f->height,
                      .flags = f->flags,
                      .plane_count = f->plane_count,
                      .plane_offset = f->plane_offset,
                      .plane_stride = f->plane_stride,
                      .publish_monotonic_ns = f->publish_monotonic_ns,
                      .capture_monotonic_ns = f->capture_monotonic_ns,
                      .capture_realtime_ns = f->capture_realtime_ns,
                      .pts = f->pts,
                      .dts = f->dts,
                      .duration = f->duration,
                      .timebase_numerator = f->timebase_numerator,
                      .timebase_denominator = f->timebase_denominator,
                      .colour = {f->colour_range, f->colour_primaries, f->colour_transfer, f->colour_matrix}},
      bytes, f->payload_bytes);
}

/* A copy of each frame, checked. */
static int read_all(shmv_reader* reader) {
  shmv_frame* frame = shmv_frame_new();
  int result = frame ? 0 : -1;
  while (result == 0 && shmv_reader_next(reader, frame, 0) == SHMV_OK) {
    const shmv_frame_info* info = shmv_frame_info_of(frame);
    void* copy = malloc((size_t)info->payload_bytes);
    if (copy && shmv_frame_copy(frame, copy, (size_t)info->payload_bytes) == SHMV_OK)
      add(info, copy);
    else
      result = -1;
    free(copy);
  }
  shmv_frame_free(frame);
  return result;
}

int main(int argc, char** argv) {
  shmv_reader_options options = SHMV_READER_OPTIONS_INIT;
  shmv_reader* reader = NULL;
  if (argc != 2) return 2;
  options.grade = SHMV_GRADE_COPY;
  options.order = SHMV_ORDER_IN_ORDER;
  options.start = SHMV_START_OLDEST;
  options.present = 0;
  const int attached = shmv_reader_attach(argv[1], &options, &reader);
  if (attached != SHMV_OK) {
    golden_refused(shmv_result_name(attached));
    fprintf(stderr, "%s\n", shmv_last_error());
    return 1;
  }
  const int result = begin(argv[1], reader) == 0 ? read_all(reader) : -1;
  golden_end();
  shmv_reader_detach(reader);
  return result == 0 ? 0 : 3;
}

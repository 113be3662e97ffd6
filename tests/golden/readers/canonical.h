/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader read, in the canonical form of ../README.md. Prints to stdout; one thread. */
#ifndef GOLDEN_CANONICAL_H
#define GOLDEN_CANONICAL_H

#include <stddef.h>
#include <stdint.h>

#include "shmvideo/layout.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct golden_segment {
  const char* name;
  uint32_t kind, fourcc, width, height, fps_numerator, fps_denominator;
  uint64_t generation;
  const char* state; /* "live", "stalled", "dead", "closed" */
  uint32_t source_state;
  const void* extradata;
  size_t extradata_bytes;
} golden_segment;

typedef struct golden_frame {
  uint64_t number, key_number, source_number;
  uint32_t format_epoch, fourcc, width, height, flags, plane_count;
  const uint64_t* plane_offset;
  const uint32_t* plane_stride;
  uint64_t publish_monotonic_ns, capture_monotonic_ns, capture_realtime_ns;
  int64_t pts, dts, duration;
  uint32_t timebase_numerator, timebase_denominator;
  uint8_t colour[4]; /* range, primaries, transfer, matrix */
} golden_frame;

void golden_begin(const golden_segment* segment);
void golden_add(const golden_frame* frame, const void* bytes, uint64_t count);
void golden_end(void);
/* Instead of all three: it could not be attached to. `code` is the error's word. */
void golden_refused(const char* code);

#ifdef __cplusplus
}
#endif

#endif

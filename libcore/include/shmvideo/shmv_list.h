/* SPDX-License-Identifier: Apache-2.0 */
/* Looking around. Part of shmv.h, which says what holds for all of it. */
#ifndef SHMVIDEO_SHMV_LIST_H
#define SHMVIDEO_SHMV_LIST_H

#include "shmvideo/shmv_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One segment as it was when the list was made. */
typedef struct shmv_segment_info {
  uint32_t struct_bytes;
  uint32_t state;        /* SHMV_SEGMENT_... */
  uint32_t source_state; /* SHMV_SOURCE_... */
  uint32_t slot_count;
  uint64_t slot_capacity_bytes;
  uint64_t generation;
  uint64_t latest; /* newest frame number, 0: none */
  uint64_t published;
  uint64_t revoked;
  uint64_t dropped;           /* by all causes */
  double fps;                 /* from the capture times in the ring; 0 with fewer than two frames */
  uint64_t last_frame_age_ns; /* since its capture; UINT64_MAX: unknown (no frame, or of an earlier boot) */
  uint32_t readers;           /* that made themselves known */
  uint32_t writer_pid;        /* information only */
  shmv_stream_info stream;
  const char* name; /* the texts are the list's, printable */
  const char* path;
  const char* program;
  const char* source;
} shmv_segment_info;

/* All segments that there are (name NULL), or that one (SHMV_ERROR_NOT_FOUND and others as for attaching). */
SHMV_API int shmv_list_open(const char* name, shmv_list** list);
SHMV_API size_t shmv_list_count(const shmv_list* list);
/* Lent until the list is freed; NULL beyond the end. */
SHMV_API const shmv_segment_info* shmv_list_at(const shmv_list* list, size_t index);
SHMV_API void shmv_list_free(shmv_list* list);
/* Removes a segment without a live writer, with its companions. */
SHMV_API int shmv_remove(const char* name);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Reading. Part of shmv.h, which says what holds for all of it. */
#ifndef SHMVIDEO_SHMV_READER_H
#define SHMVIDEO_SHMV_READER_H

#include "shmvideo/shmv_frame.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a reader's frames are protected: SHMV_GRADE_OBSERVE, _COPY, _HOLD (layout.h). */
#define SHMV_ORDER_NEWEST 0   /* always the newest frame (viewers, vision) */
#define SHMV_ORDER_IN_ORDER 1 /* the next one that is still there (recorders, encoders) */
/* Where a reader begins. */
#define SHMV_START_NEXT 0   /* with what is published from now on */
#define SHMV_START_NEWEST 1 /* with the newest frame that is there */
#define SHMV_START_OLDEST 2 /* with the oldest that is still in the ring */
#define SHMV_START_KEY 3    /* with the newest key frame, else with the next one to come */

typedef struct shmv_reader_options {
  uint32_t struct_bytes;
  uint32_t grade;
  uint32_t order;
  uint32_t start;
  int64_t attach_timeout_ns; /* how long to wait for a segment to appear */
  uint8_t follow;            /* go on with the successor when the writer restarts */
  uint8_t present;           /* take an entry in NAME.readers; needed for holds */
  uint8_t reserved[6];
  const char* program; /* shown to people; NULL: nothing. Copied. */
} shmv_reader_options;

#define SHMV_READER_OPTIONS_INIT                                                                       \
  {                                                                                                    \
    .struct_bytes = sizeof(shmv_reader_options), .grade = SHMV_GRADE_HOLD, .order = SHMV_ORDER_NEWEST, \
    .start = SHMV_START_NEWEST, .follow = 1, .present = 1                                              \
  }

/* What the segment is made for; the frame's own description stands with each frame. Others contain it, so it
 * never gets longer: its room to grow is `reserved`. */
typedef struct shmv_stream_info {
  uint32_t struct_bytes;
  uint32_t kind; /* SHMV_KIND_RAW, SHMV_KIND_CODED */
  uint32_t fourcc;
  uint32_t width;
  uint32_t height;
  uint32_t fps_numerator; /* 0: unknown or variable */
  uint32_t fps_denominator;
  uint32_t reserved[5];
} shmv_stream_info;

#define SHMV_STREAM_INFO_INIT \
  { .struct_bytes = sizeof(shmv_stream_info), .kind = SHMV_KIND_RAW, .fps_denominator = 1 }

typedef struct shmv_reader_statistics {
  uint32_t struct_bytes;
  uint32_t is_present; /* 1: has an entry in NAME.readers, and so can hold */
  uint64_t seen;       /* frames delivered */
  uint64_t missed;     /* published after the first delivered one, but not delivered */
  uint64_t torn;       /* overwritten while being acquired or copied: refused */
  uint64_t revoked;    /* holds that were taken back, noticed when released */
  uint64_t restarts;   /* changes to a new generation */
} shmv_reader_statistics;

#define SHMV_READER_STATISTICS_INIT \
  { .struct_bytes = sizeof(shmv_reader_statistics) }

/* Segment states for shmv_reader_state(). */
#define SHMV_SEGMENT_LIVE 0
#define SHMV_SEGMENT_STALLED 1
#define SHMV_SEGMENT_DEAD 2
#define SHMV_SEGMENT_CLOSED 3

/* Attaches to a segment name, across its writer's restarts. `options` may be NULL: the defaults above.
 * Needs read permission only. */
SHMV_API int shmv_reader_attach(const char* name, const shmv_reader_options* options, shmv_reader** reader);
SHMV_API void shmv_reader_detach(shmv_reader* reader);
/* Waits for a frame that this reader has not had. `frame` is released first. SHMV_OK, SHMV_TIMEOUT, _STALLED,
 * _WRITER_GONE, _CLOSED. The end of a writer is told at once the first time; later calls wait for a
 * successor. */
SHMV_API int shmv_reader_next(shmv_reader* reader, shmv_frame* frame, int64_t timeout_ns);
/* A descriptor for poll, epoll or an event loop: readable when shmv_reader_next(..., 0) is worth a call. Read
 * 8 bytes from it (an eventfd) before that. The reader's own; negative: an error code. */
SHMV_API int shmv_reader_fd(shmv_reader* reader);
/* Makes a running or the following shmv_reader_next() return SHMV_TIMEOUT at once. From any thread. */
SHMV_API void shmv_reader_interrupt(shmv_reader* reader);
SHMV_API int shmv_reader_stream(const shmv_reader* reader, shmv_stream_info* stream);
SHMV_API int shmv_reader_statistics_of(const shmv_reader* reader, shmv_reader_statistics* statistics);
/* SHMV_SEGMENT_... and SHMV_SOURCE_... */
SHMV_API int shmv_reader_state(const shmv_reader* reader);
SHMV_API int shmv_reader_source_state(const shmv_reader* reader);
SHMV_API uint64_t shmv_reader_generation(const shmv_reader* reader);
/* Copies the codec parameters; `bytes` is capacity before and their size after (also when it was too small:
 * SHMV_ERROR_INVALID_ARGUMENT). */
SHMV_API int shmv_reader_extradata(const shmv_reader* reader, void* to, size_t* bytes);
/* Asks the writer for a key frame. SHMV_ERROR_PERMISSION_DENIED for an observer. */
SHMV_API int shmv_reader_request_key(shmv_reader* reader);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Frames and pixel formats. Part of shmv.h, which says what holds for all of it. */
#ifndef SHMVIDEO_SHMV_FRAME_H
#define SHMVIDEO_SHMV_FRAME_H

#include "shmvideo/shmv_result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a frame is. Lent by a frame, or filled by the caller for publishing. */
typedef struct shmv_frame_info {
  uint32_t struct_bytes; /* sizeof(shmv_frame_info) of whom it was compiled by */
  uint32_t fourcc;       /* V4L2's where V4L2 has one: see shmv_format_name() */
  uint32_t width;        /* pixels */
  uint32_t height;
  uint64_t payload_bytes;
  uint32_t flags;                         /* SHMV_FRAME_... */
  uint32_t plane_count;                   /* 0: coded, one run of bytes */
  uint64_t plane_offset[SHMV_PLANES_MAX]; /* bytes from the payload's start */
  uint32_t plane_stride[SHMV_PLANES_MAX]; /* bytes from row to row */
  uint64_t capture_monotonic_ns;          /* CLOCK_MONOTONIC; 0 when publishing: now */
  uint64_t capture_realtime_ns;           /* 0 when publishing: derived from the monotonic one */
  int64_t pts;                            /* SHMV_NO_TIME where there is none */
  int64_t dts;
  int64_t duration;
  uint32_t timebase_numerator;
  uint32_t timebase_denominator;
  uint64_t source_number;
  uint8_t colour_range;     /* 0 unknown, 1 limited, 2 full */
  uint8_t colour_primaries; /* ISO/IEC 23091-2; 2: unspecified */
  uint8_t colour_transfer;
  uint8_t colour_matrix;
  /* This and what follows is set by publishing. */
  uint32_t format_epoch; /* goes up when format, size or planes change */
  uint64_t number;       /* 1, 2, 3, ... per name, going on across restarts */
  uint64_t generation;
  uint64_t publish_monotonic_ns;
  uint64_t key_number; /* the key frame that is needed to decode this one */
} shmv_frame_info;

/* Unknown colours and no times; everything else zero. */
#define SHMV_FRAME_INFO_INIT                                                               \
  {                                                                                        \
    .struct_bytes = sizeof(shmv_frame_info), .flags = SHMV_FRAME_KEY, .pts = SHMV_NO_TIME, \
    .dts = SHMV_NO_TIME, .colour_primaries = 2, .colour_transfer = 2, .colour_matrix = 2   \
  }

/* The tightly packed layout of a raw picture: fills fourcc, sizes, planes, payload_bytes and colour range of
 * `info`, and initialises the rest; its struct_bytes is set before. SHMV_ERROR_INVALID_ARGUMENT for a coded
 * or unknown fourcc or a bad size. */
SHMV_API int shmv_frame_info_packed(uint32_t fourcc, uint32_t width, uint32_t height, shmv_frame_info* info);

/* "BGR24", as tools spell it; NULL for an unknown fourcc. Static. */
SHMV_API const char* shmv_format_name(uint32_t fourcc);
/* The fourcc of "BGR24" or one of its other spellings, in any case; 0 if there is none. */
SHMV_API uint32_t shmv_format_fourcc(const char* name);
/* Bytes in a row of a plane, and its rows; 0 for what a format does not have. */
SHMV_API uint32_t shmv_format_row_bytes(uint32_t fourcc, uint32_t plane, uint32_t width);
SHMV_API uint32_t shmv_format_rows(uint32_t fourcc, uint32_t plane, uint32_t height);

/* A place for one frame at a time, to be used again and again: getting frames allocates nothing.
 * NULL without memory. */
SHMV_API shmv_frame* shmv_frame_new(void);
SHMV_API void shmv_frame_free(shmv_frame* frame);
/* Lent until the frame is released or replaced; NULL without a frame. */
SHMV_API const shmv_frame_info* shmv_frame_info_of(const shmv_frame* frame);
/* The payload in shared memory, read-only, info->payload_bytes long; NULL without a frame. Another process
 * may be changing it: decide nothing by it twice, and ask shmv_frame_valid() before you trust a result. */
SHMV_API const void* shmv_frame_bytes(const shmv_frame* frame);
/* One plane of a raw picture. */
typedef struct shmv_plane {
  uint32_t struct_bytes;
  uint32_t stride_bytes; /* from row to row */
  uint32_t row_bytes;    /* that are picture */
  uint32_t rows;
  const void* bytes; /* in shared memory, read-only */
} shmv_plane;

#define SHMV_PLANE_INIT \
  { .struct_bytes = sizeof(shmv_plane) }

/* Looks at a frame's planes as its format has them, and lets through only what lies inside the payload in
 * each row: what a frame says of itself comes from another process. SHMV_ERROR_INVALID_ARGUMENT for a plane
 * that the format does not have (coded ones have none) and for a frame that contradicts itself;
 * SHMV_ERROR_NO_FRAME. */
SHMV_API int shmv_frame_plane(const shmv_frame* frame, uint32_t index, shmv_plane* plane);
/* SHMV_OK: every byte read so far was this frame's. SHMV_ERROR_REVOKED: it was overwritten.
 * SHMV_ERROR_NO_FRAME. Cheap; from any thread. */
SHMV_API int shmv_frame_valid(const shmv_frame* frame);
/* 1 if the writer was asked to go round this frame, else 0. */
SHMV_API int shmv_frame_is_held(const shmv_frame* frame);
/* Copies the payload, and says as shmv_frame_valid() whether the copy is the frame.
 * SHMV_ERROR_INVALID_ARGUMENT when `capacity` is smaller than the payload. From any thread. */
SHMV_API int shmv_frame_copy(const shmv_frame* frame, void* to, size_t capacity);
/* Ends the hold. The bytes are gone from then on. */
SHMV_API void shmv_frame_release(shmv_frame* frame);
/* Moves the frame to another place (which is released first): a consumer may keep it while the reader goes
 * on. A frame may outlive its reader. */
SHMV_API void shmv_frame_move(shmv_frame* to, shmv_frame* from);

#ifdef __cplusplus
}
#endif

#endif

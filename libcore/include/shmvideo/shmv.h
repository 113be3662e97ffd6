/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libshmvideo for C11 and for everything that can call C.
 *
 *   shmv_reader* reader = NULL;
 *   if (shmv_reader_attach("billiards_video", NULL, &reader) != SHMV_OK)
 *     return fail(shmv_last_error());
 *   shmv_frame* frame = shmv_frame_new();
 *   while (shmv_reader_next(reader, frame, 1000000000) == SHMV_OK)
 *     look_at(shmv_frame_bytes(frame), shmv_frame_info_of(frame)->payload_bytes);
 *
 * Results. A function that can fail returns one int: SHMV_OK (0), a positive SHMV_... status that is no
 * error (no frame yet, say), or a negative SHMV_ERROR_... code. After an error shmv_last_error() has the
 * sentence for people. Nothing here throws, prints, exits or changes anything process-wide.
 *
 * Ownership. What a ..._new, ..._attach, ..._create or ..._open function gave is the caller's until the
 * function of the same kind with _free (or _detach, _close) took it back; these accept NULL. Pointers that
 * a handle lends are valid until the next call that changes that handle, but for what is said otherwise.
 *
 * Growing. Structs that the caller gives begin with their own size, set by their ..._INIT macro (for C; other
 * languages set the same members); those that the library has are lent by pointer. So both can grow at their end without breaking programs
 * that were compiled before. Times are nanoseconds; timeouts: 0 just looks, SHMV_FOREVER waits for ever.
 *
 * Threads. A handle belongs to one thread at a time, but for the functions that say otherwise; different
 * handles are independent. shmv_last_error() is the calling thread's own.
 */
#ifndef SHMVIDEO_SHMV_H
#define SHMVIDEO_SHMV_H

#include <stddef.h>
#include <stdint.h>

#include "shmvideo/layout.h"

#if defined(__GNUC__)
#define SHMV_API __attribute__((visibility("default")))
#else
#define SHMV_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define SHMV_FOREVER INT64_MAX

/* What a call came to. */
#define SHMV_OK 0
/* No error, but no frame either. */
#define SHMV_TIMEOUT 1     /* none in time; the writer lives */
#define SHMV_STALLED 2     /* none in time; the writer lives but does not publish */
#define SHMV_WRITER_GONE 3 /* none in time; the writer died and no other took the name over so far */
#define SHMV_CLOSED 4      /* none in time; the writer stopped in good order; or: this writer is closed */
/* Not published, and counted as dropped. */
#define SHMV_TOO_LARGE 5 /* larger than a slot: see shmv_writer_reserve() */
#define SHMV_NO_SLOT 6   /* every slot is on loan */
/* Errors. The numbers never change. */
#define SHMV_ERROR_INVALID_ARGUMENT (-1) /* fix the argument (also a NULL where none may be) */
#define SHMV_ERROR_INVALID_NAME (-2)     /* not a segment name */
#define SHMV_ERROR_NOT_FOUND (-3)        /* nothing of that name */
#define SHMV_ERROR_PERMISSION_DENIED (-4)
#define SHMV_ERROR_NOT_A_SEGMENT (-5)       /* a file of that name that is something else */
#define SHMV_ERROR_INCOMPATIBLE (-6)        /* a segment of another major version or with unknown features */
#define SHMV_ERROR_CORRUPT (-7)             /* a segment whose header contradicts itself or its size */
#define SHMV_ERROR_WRITER_EXISTS (-8)       /* a live writer owns the name */
#define SHMV_ERROR_OWNED_BY_OTHER_USER (-9) /* a leftover of another user, who must remove it */
#define SHMV_ERROR_NO_SPACE (-10)
#define SHMV_ERROR_NO_PLACE (-11) /* no directory is usable for segments */
#define SHMV_ERROR_CANCELLED (-13)
#define SHMV_ERROR_SYSTEM (-15)     /* the operating system refused: see shmv_last_errno() */
#define SHMV_ERROR_OUT_OF_MEMORY (-16)
#define SHMV_ERROR_REVOKED (-17) /* the frame was overwritten: what was read of it means nothing */
#define SHMV_ERROR_NO_FRAME (-18) /* the handle has no frame */

/* A stable lower-case word for a result ("timeout", "writer_exists"). Never NULL. */
SHMV_API const char* shmv_result_name(int result);
/* One sentence about this thread's last error; valid until its next call. Never NULL. */
SHMV_API const char* shmv_last_error(void);
/* The errno behind it, 0 if there was none. */
SHMV_API int shmv_last_errno(void);
/* "0.1.0": of the library that is loaded. */
SHMV_API const char* shmv_version(void);

typedef struct shmv_reader shmv_reader;
typedef struct shmv_writer shmv_writer;
typedef struct shmv_frame shmv_frame;
typedef struct shmv_loan shmv_loan;
typedef struct shmv_set shmv_set;
typedef struct shmv_list shmv_list;

/* ---- Frames ------------------------------------------------------------------------------------- */

/* What a frame is. Lent by a frame, or filled by the caller for publishing. */
typedef struct shmv_frame_info {
  uint32_t struct_bytes; /* sizeof(shmv_frame_info) of whom it was compiled by */
  uint32_t fourcc;       /* V4L2's where V4L2 has one: see shmv_format_name() */
  uint32_t width;        /* pixels */
  uint32_t height;
  uint64_t payload_bytes;
  uint32_t flags;       /* SHMV_FRAME_... */
  uint32_t plane_count; /* 0: coded, one run of bytes */
  uint64_t plane_offset[SHMV_PLANES_MAX]; /* bytes from the payload's start */
  uint32_t plane_stride[SHMV_PLANES_MAX]; /* bytes from row to row */
  uint64_t capture_monotonic_ns; /* CLOCK_MONOTONIC; 0 when publishing: now */
  uint64_t capture_realtime_ns;  /* 0 when publishing: derived from the monotonic one */
  int64_t pts; /* SHMV_NO_TIME where there is none */
  int64_t dts;
  int64_t duration;
  uint32_t timebase_numerator;
  uint32_t timebase_denominator;
  uint64_t source_number;
  uint8_t colour_range;     /* 0 unknown, 1 limited, 2 full */
  uint8_t colour_primaries; /* ISO/IEC 23091-2; 2: unspecified */
  uint8_t colour_transfer;
  uint8_t colour_matrix;
  uint32_t format_epoch; /* goes up when format, size or planes change. This and what follows: set by publishing */
  uint64_t number;       /* 1, 2, 3, ... per name, going on across restarts */
  uint64_t generation;
  uint64_t publish_monotonic_ns;
  uint64_t key_number; /* the key frame that is needed to decode this one */
} shmv_frame_info;

/* Unknown colours and no times; everything else zero. */
#define SHMV_FRAME_INFO_INIT                                                                          \
  {.struct_bytes = sizeof(shmv_frame_info), .flags = SHMV_FRAME_KEY, .pts = SHMV_NO_TIME,             \
   .dts = SHMV_NO_TIME, .colour_primaries = 2, .colour_transfer = 2, .colour_matrix = 2}

/* The tightly packed layout of a raw picture: fills fourcc, sizes, planes, payload_bytes and colour range of
 * `info`, and initialises the rest. SHMV_ERROR_INVALID_ARGUMENT for a coded or unknown fourcc or a bad size. */
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
/* SHMV_OK: every byte read so far was this frame's. SHMV_ERROR_REVOKED: it was overwritten.
 * SHMV_ERROR_NO_FRAME. Cheap; from any thread. */
SHMV_API int shmv_frame_valid(const shmv_frame* frame);
/* 1 if the writer was asked to go round this frame, else 0. */
SHMV_API int shmv_frame_is_held(const shmv_frame* frame);
/* Copies the payload, and says as shmv_frame_valid() whether the copy is the frame.
 * SHMV_ERROR_INVALID_ARGUMENT when `capacity` is smaller than the payload. */
SHMV_API int shmv_frame_copy(const shmv_frame* frame, void* to, size_t capacity);
/* Ends the hold. The bytes are gone from then on. */
SHMV_API void shmv_frame_release(shmv_frame* frame);
/* Moves the frame to another place (which is released first): a consumer may keep it while the reader goes on.
 * A frame may outlive its reader. */
SHMV_API void shmv_frame_move(shmv_frame* to, shmv_frame* from);

/* ---- Reading ------------------------------------------------------------------------------------ */

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
  uint8_t follow;  /* go on with the successor when the writer restarts */
  uint8_t present; /* take an entry in NAME.readers; needed for holds */
  uint8_t reserved[6];
  const char* program; /* shown to people; NULL: nothing. Copied. */
} shmv_reader_options;

#define SHMV_READER_OPTIONS_INIT                                                            \
  {.struct_bytes = sizeof(shmv_reader_options), .grade = SHMV_GRADE_HOLD,                   \
   .order = SHMV_ORDER_NEWEST, .start = SHMV_START_NEWEST, .follow = 1, .present = 1}

/* What the segment is made for; the frame's own description stands with each frame. */
typedef struct shmv_stream_info {
  uint32_t struct_bytes;
  uint32_t kind; /* SHMV_KIND_RAW, SHMV_KIND_CODED */
  uint32_t fourcc;
  uint32_t width;
  uint32_t height;
  uint32_t fps_numerator; /* 0: unknown or variable */
  uint32_t fps_denominator;
  uint32_t reserved;
} shmv_stream_info;

#define SHMV_STREAM_INFO_INIT {.struct_bytes = sizeof(shmv_stream_info), .kind = SHMV_KIND_RAW, .fps_denominator = 1}

typedef struct shmv_reader_statistics {
  uint32_t struct_bytes;
  uint32_t is_present; /* 1: has an entry in NAME.readers, and so can hold */
  uint64_t seen;       /* frames delivered */
  uint64_t missed;     /* published after the first delivered one, but not delivered */
  uint64_t torn;       /* overwritten while being acquired or copied: refused */
  uint64_t revoked;    /* holds that were taken back, noticed when released */
  uint64_t restarts;   /* changes to a new generation */
} shmv_reader_statistics;

#define SHMV_READER_STATISTICS_INIT {.struct_bytes = sizeof(shmv_reader_statistics)}

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
 * _WRITER_GONE, _CLOSED. The end of a writer is told at once the first time; later calls wait for a successor. */
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

/* ---- Several segments at once ------------------------------------------------------------------- */

/* At most this many readers can wait together. */
#define SHMV_SET_MAX 32

/* A set of readers to wait for together. Borrows them: they must outlive it. */
SHMV_API int shmv_set_new(shmv_set** set);
SHMV_API void shmv_set_free(shmv_set* set);
/* Returns the reader's index in the set (0, 1, ...), or an error. */
SHMV_API int shmv_set_add(shmv_set* set, shmv_reader* reader);
/* Sleeps until any of the readers may have something new to say (a frame, an end, a successor). SHMV_OK: `ready[i]`
 * is 1 for each that is worth a shmv_reader_next(reader, frame, 0), else 0; SHMV_TIMEOUT: none. `count` is the
 * length of `ready`, at least the number of readers. */
SHMV_API int shmv_set_wait(shmv_set* set, uint8_t* ready, size_t count, int64_t timeout_ns);
/* One frame of each reader, captured at the same time: waits until the newest unused frames of all lie within
 * `tolerance_ns` of each other by capture_monotonic_ns; older ones are passed over. `frames` has a place for each
 * reader, in the order of adding; all are released first. SHMV_OK fills all, anything else none: SHMV_TIMEOUT, or
 * what the first reader that has ended said (SHMV_WRITER_GONE, SHMV_CLOSED). */
SHMV_API int shmv_set_pair(shmv_set* set, shmv_frame* const* frames, size_t count, int64_t tolerance_ns,
                           int64_t timeout_ns);

/* ---- Writing ------------------------------------------------------------------------------------ */

typedef struct shmv_writer_options {
  uint32_t struct_bytes;
  uint32_t slots;               /* SHMV_SLOTS_MIN to SHMV_SLOTS_MAX */
  uint64_t slot_capacity_bytes; /* largest payload; 0: a packed picture of `stream` */
  uint32_t mode;                /* of the file: 0600 to 0664 */
  uint32_t reserved;
  shmv_stream_info stream;
  const char* group;   /* name or number; NULL: the process's. The three texts are copied. */
  const char* program; /* shown to people */
  const char* source;  /* shown to people */
} shmv_writer_options;

#define SHMV_WRITER_OPTIONS_INIT \
  {.struct_bytes = sizeof(shmv_writer_options), .slots = 6, .mode = 0640, .stream = SHMV_STREAM_INFO_INIT}

typedef struct shmv_writer_statistics {
  uint32_t struct_bytes;
  uint32_t sleepers_woken; /* by the last publish, as far as known */
  uint64_t published;
  uint64_t revoked;
  uint64_t dropped[SHMV_DROP_CAUSES];
  uint64_t generation;
  uint64_t latest; /* newest frame number */
  uint64_t source_reopened;
} shmv_writer_statistics;

#define SHMV_WRITER_STATISTICS_INIT {.struct_bytes = sizeof(shmv_writer_statistics)}

/* Takes the name: a second live writer is refused. */
SHMV_API int shmv_writer_create(const char* name, const shmv_writer_options* options, shmv_writer** writer);
/* Says "closed", wakes everybody, removes the segment. No loan may be open. */
SHMV_API void shmv_writer_close(shmv_writer* writer);
/* Copies `bytes` (info->payload_bytes of them) into a slot and publishes it. SHMV_OK, SHMV_TOO_LARGE, SHMV_NO_SLOT,
 * SHMV_ERROR_INVALID_ARGUMENT for planes that contradict the payload. */
SHMV_API int shmv_writer_publish(shmv_writer* writer, const shmv_frame_info* info, const void* bytes);
/* A slot to be filled in place. The handle is the writer's (one loan at a time through this interface); SHMV_NO_SLOT
 * and NULL when all are in use. End it with exactly one of the two below. */
SHMV_API int shmv_writer_loan(shmv_writer* writer, shmv_loan** loan);
SHMV_API void* shmv_loan_bytes(shmv_loan* loan);
SHMV_API size_t shmv_loan_capacity(const shmv_loan* loan);
SHMV_API int shmv_loan_publish(shmv_loan* loan, const shmv_frame_info* info);
SHMV_API void shmv_loan_abandon(shmv_loan* loan);
/* Makes sure that frames of `payload_bytes` fit and that the segment describes `stream`; a new generation if need be. */
SHMV_API int shmv_writer_reserve(shmv_writer* writer, const shmv_stream_info* stream, uint64_t payload_bytes);
SHMV_API int shmv_writer_drop(shmv_writer* writer, uint32_t cause, uint64_t frames);
/* Says that the loop turns although there is nothing to publish. From any thread. */
SHMV_API void shmv_writer_progress(shmv_writer* writer);
SHMV_API int shmv_writer_set_source_state(shmv_writer* writer, uint32_t source_state);
SHMV_API int shmv_writer_set_extradata(shmv_writer* writer, const void* bytes, size_t count);
/* The number of requests for a key frame by the readers that there are: one is wanted when it rises. */
SHMV_API uint64_t shmv_writer_key_requests(shmv_writer* writer);
SHMV_API int shmv_writer_statistics_of(const shmv_writer* writer, shmv_writer_statistics* statistics);

/* ---- Looking around ----------------------------------------------------------------------------- */

/* One segment as it was when the list was made. */
typedef struct shmv_segment_info {
  uint32_t struct_bytes;
  uint32_t state;        /* SHMV_SEGMENT_... */
  uint32_t source_state; /* SHMV_SOURCE_... */
  uint32_t slot_count;
  uint64_t slot_capacity_bytes;
  uint64_t generation;
  uint64_t latest;    /* newest frame number, 0: none */
  uint64_t published;
  uint64_t revoked;
  uint64_t dropped;   /* by all causes */
  double fps;         /* from the capture times in the ring; 0 with fewer than two frames */
  uint64_t last_frame_age_ns; /* since its capture; UINT64_MAX: unknown */
  uint32_t readers;   /* that made themselves known */
  uint32_t writer_pid; /* information only */
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

/* SPDX-License-Identifier: Apache-2.0 */
/* What calls of the C interface come to, and its handles. Part of shmv.h, which says what holds for all of
 * it. */
#ifndef SHMVIDEO_SHMV_RESULT_H
#define SHMVIDEO_SHMV_RESULT_H

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
#define SHMV_ERROR_SYSTEM (-15) /* the operating system refused: see shmv_last_errno() */
#define SHMV_ERROR_OUT_OF_MEMORY (-16)
#define SHMV_ERROR_REVOKED (-17)  /* the frame was overwritten: what was read of it means nothing */
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

#ifdef __cplusplus
}
#endif

#endif

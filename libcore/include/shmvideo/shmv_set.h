/* SPDX-License-Identifier: Apache-2.0 */
/* Reading several segments at once. Part of shmv.h, which says what holds for all of it. */
#ifndef SHMVIDEO_SHMV_SET_H
#define SHMVIDEO_SHMV_SET_H

#include "shmvideo/shmv_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* At most this many readers can wait together. */
#define SHMV_SET_MAX 32

/* A set of readers to wait for together. Borrows them: they must outlive it. */
SHMV_API int shmv_set_new(shmv_set** set);
SHMV_API void shmv_set_free(shmv_set* set);
/* Returns the reader's index in the set (0, 1, ...), or an error. */
SHMV_API int shmv_set_add(shmv_set* set, shmv_reader* reader);
/* Sleeps until readers have something new to say: a frame, the end of their writer, a successor, or that they
 * were interrupted. SHMV_OK: `ready[i]` is 1 for each that is worth a shmv_reader_next(reader, frame, 0),
 * else 0; SHMV_TIMEOUT: none. `count` is the length of `ready`, at least the number of readers. What was
 * reported and not asked for is not repeated before something new happens. SHMV_ERROR_INVALID_ARGUMENT for a
 * set without readers. */
SHMV_API int shmv_set_wait(shmv_set* set, uint8_t* ready, size_t count, int64_t timeout_ns);
/* One frame of each reader, all captured within `tolerance_ns` of each other by capture_monotonic_ns; older
 * ones that find no partner are passed over. `frames` has a place for each reader, in the order of adding;
 * all are released first. SHMV_OK fills all, anything else none: SHMV_TIMEOUT, or what a reader says whose
 * writer ended (SHMV_WRITER_GONE, SHMV_CLOSED; at once the first time). A tolerance below half of the
 * shortest time between frames makes the choice the only one. Readers SHMV_ORDER_IN_ORDER wait for each
 * other; those SHMV_ORDER_NEWEST offer what is newest when they are asked. The set keeps frames for the next
 * pair. */
SHMV_API int shmv_set_pair(shmv_set* set, shmv_frame* const* frames, size_t count, int64_t tolerance_ns,
                           int64_t timeout_ns);

#ifdef __cplusplus
}
#endif

#endif

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
 * Growing. Each struct begins with its own size, and may get new members at its end. Those that the caller
 * gives get it from their ..._INIT macro (for C; other languages set the same members). Of a shorter one than
 * the library knows, the missing members count as in ..._INIT; of a longer one, what is beyond must be zero
 * where the library reads, and is made zero where it writes. Members called reserved are zero. Structs that
 * the library lends tell in struct_bytes how much of them there is.
 *
 * Times are nanoseconds; timeouts: 0 or less just looks, SHMV_FOREVER waits for ever.
 *
 * Threads. A handle belongs to one thread at a time, but for the functions that say otherwise; different
 * handles are independent. shmv_last_error() is the calling thread's own.
 */
#ifndef SHMVIDEO_SHMV_H
#define SHMVIDEO_SHMV_H

#include "shmvideo/shmv_frame.h"
#include "shmvideo/shmv_list.h"
#include "shmvideo/shmv_reader.h"
#include "shmvideo/shmv_result.h"
#include "shmvideo/shmv_set.h"
#include "shmvideo/shmv_writer.h"

#endif

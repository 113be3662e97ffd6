/* SPDX-License-Identifier: Apache-2.0 */
/* Writing. Part of shmv.h, which says what holds for all of it. */
#ifndef SHMVIDEO_SHMV_WRITER_H
#define SHMVIDEO_SHMV_WRITER_H

#include "shmvideo/shmv_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct shmv_writer_options {
  uint32_t struct_bytes;
  uint32_t slots;               /* SHMV_SLOTS_MIN to SHMV_SLOTS_MAX */
  uint64_t slot_capacity_bytes; /* largest payload; 0: a packed raw picture of `stream` */
  uint32_t mode;                /* of the file: 0600 to 0664 */
  uint32_t reserved;
  shmv_stream_info stream;
  const char* group;   /* name or number; NULL: the process's. The three texts are copied. */
  const char* program; /* shown to people */
  const char* source;  /* shown to people */
} shmv_writer_options;

#define SHMV_WRITER_OPTIONS_INIT \
  { .struct_bytes = sizeof(shmv_writer_options), .slots = 6, .mode = 0640, .stream = SHMV_STREAM_INFO_INIT }

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

#define SHMV_WRITER_STATISTICS_INIT \
  { .struct_bytes = sizeof(shmv_writer_statistics) }

/* Takes the name: a second live writer is refused. */
SHMV_API int shmv_writer_create(const char* name, const shmv_writer_options* options, shmv_writer** writer);
/* Says "closed", wakes everybody, removes the segment. A loan that is open ends. */
SHMV_API void shmv_writer_close(shmv_writer* writer);
/* Copies `bytes` (info->payload_bytes of them) into a slot and publishes it. SHMV_OK, SHMV_TOO_LARGE,
 * SHMV_NO_SLOT, SHMV_ERROR_INVALID_ARGUMENT for planes that contradict the payload. */
SHMV_API int shmv_writer_publish(shmv_writer* writer, const shmv_frame_info* info, const void* bytes);
/* A slot to be filled in place. The handle is the writer's and ends with it. SHMV_OK, SHMV_NO_SLOT;
 * SHMV_ERROR_INVALID_ARGUMENT while another is open: through this interface there is one at a time. What is
 * there is left from before, or zero. End it with one of the two below; its bytes are gone from then on. */
SHMV_API int shmv_writer_loan(shmv_writer* writer, shmv_loan** loan);
SHMV_API void* shmv_loan_bytes(shmv_loan* loan);
SHMV_API size_t shmv_loan_capacity(const shmv_loan* loan);
/* As shmv_writer_publish(), without the copy; ends the loan, whatever it says. SHMV_ERROR_NO_FRAME: it has
 * ended. */
SHMV_API int shmv_loan_publish(shmv_loan* loan, const shmv_frame_info* info);
SHMV_API void shmv_loan_abandon(shmv_loan* loan);
/* Makes sure that frames of `payload_bytes` (0: a packed raw picture of `stream`) fit, and that the segment
 * describes `stream`; a new generation if need be. No loan may be open. Errors as for creating; what was there
 * then stays in use. */
SHMV_API int shmv_writer_reserve(shmv_writer* writer, const shmv_stream_info* stream, uint64_t payload_bytes);
/* Counts frames that were not published, by SHMV_DROP_... */
SHMV_API int shmv_writer_drop(shmv_writer* writer, uint32_t cause, uint64_t frames);
/* Says that the loop turns although there is nothing to publish. From any thread. */
SHMV_API void shmv_writer_progress(shmv_writer* writer);
/* SHMV_SOURCE_...; told to readers. From any thread. */
SHMV_API int shmv_writer_set_source_state(shmv_writer* writer, uint32_t source_state);
/* The nominal time between frames, where it is known; readers judge by it whether a writer has stalled. */
SHMV_API int shmv_writer_set_frame_interval(shmv_writer* writer, uint64_t interval_ns);
/* Codec parameters for those who join late; SHMV_ERROR_INVALID_ARGUMENT above SHMV_EXTRADATA_CAPACITY_BYTES.
 */
SHMV_API int shmv_writer_set_extradata(shmv_writer* writer, const void* bytes, size_t count);
/* The number of requests for a key frame by the readers that there are: one is wanted when it rises. */
SHMV_API uint64_t shmv_writer_key_requests(shmv_writer* writer);
SHMV_API int shmv_writer_statistics_of(const shmv_writer* writer, shmv_writer_statistics* statistics);

#ifdef __cplusplus
}
#endif

#endif

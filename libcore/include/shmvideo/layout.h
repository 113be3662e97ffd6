/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of a shm-video segment, as C11 (and C++) can see them.
 *
 * This is a long-term stable format shared by processes of different builds, languages and word
 * sizes: fixed-width integers only, little-endian, explicit padding (always zero), every offset
 * asserted. docs/segment-format.md is the normative text; this header is its code.
 *
 *   offset 0                     shmv_header                       one page
 *   header.descriptor_offset     shmv_descriptor[slot_count]       256 bytes each
 *   header.index_offset          uint64_t index[index_count]       frame number -> slot
 *   header.payload_offset        slot payloads, slot_stride bytes apart, slot_capacity_bytes usable
 *
 * Who writes what: only the writer of a segment writes to it. Readers map it read-only; what they
 * have to say stands in a second file, "NAME.readers" (shmv_readers_header, shmv_reader_entry),
 * which nobody maps.
 *
 * Version rule: the MAJOR number changes when the width, the order or the meaning of a member
 * changes; readers refuse another major. The MINOR number changes when a reserved field gets a
 * meaning that an older reader may ignore. magic, abi_major and abi_minor never move.
 */
#ifndef SHMVIDEO_LAYOUT_H
#define SHMVIDEO_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define SHMV_STATIC_ASSERT static_assert
#else
#define SHMV_STATIC_ASSERT _Static_assert
#endif

/* "SHMVIDEO" as little-endian bytes. */
#define SHMV_MAGIC UINT64_C(0x4f454449564d4853)
#define SHMV_READERS_MAGIC UINT64_C(0x5244414552564853) /* "SHVREADR" */
#define SHMV_ABI_MAJOR 1
#define SHMV_ABI_MINOR 1
#define SHMV_ENDIAN_TAG UINT32_C(0x01020304)

#define SHMV_PAGE_BYTES 4096
#define SHMV_HEADER_BYTES 4096
#define SHMV_DESCRIPTOR_BYTES 256
#define SHMV_EXTRADATA_CAPACITY_BYTES 2000

/* Limits that every reader enforces before it believes a size. */
#define SHMV_SLOTS_MIN 2
#define SHMV_SLOTS_MAX 4096
#define SHMV_INDEX_MAX 65536
#define SHMV_DIMENSION_MAX 65535
#define SHMV_PLANES_MAX 4
#define SHMV_FRAME_NUMBER_MAX ((UINT64_C(1) << 48) - 1)
#define SHMV_NAME_MAX 100

/* shmv_descriptor.sequence = frame number << 2 | one of these. */
#define SHMV_SLOT_STABLE 0  /* the payload is this frame */
#define SHMV_SLOT_CLAIMED 1 /* still this frame; the writer is looking whether it is held */
#define SHMV_SLOT_WRITING 2 /* the payload is being overwritten: this frame is gone */

/* An index entry = frame number << 16 | slot. */
#define SHMV_INDEX_SLOT_BITS 16
#define SHMV_COMPAT_HOLD_BY_NUMBER UINT64_C(1) /* feature_compat: see SHMV_HOLD_BY_NUMBER */

/* shmv_header.owner: the Linux robust-futex protocol (linux/futex.h). */
#define SHMV_OWNER_DIED UINT32_C(0x40000000)
#define SHMV_OWNER_WAITERS UINT32_C(0x80000000)
#define SHMV_OWNER_TID_MASK UINT32_C(0x3fffffff)

/* shmv_header.state */
#define SHMV_STATE_LIVE 1
#define SHMV_STATE_SUPERSEDED 2 /* a newer generation stands under the name */
#define SHMV_STATE_CLOSED 3     /* the writer stopped in good order */

/* shmv_header.source_state */
#define SHMV_SOURCE_OK 1
#define SHMV_SOURCE_RECONNECTING 2
#define SHMV_SOURCE_ENDED 3

/* shmv_header.kind */
#define SHMV_KIND_RAW 1
#define SHMV_KIND_CODED 2

/* shmv_descriptor.flags */
#define SHMV_FRAME_KEY UINT32_C(1)           /* decodable by itself; every raw frame is */
#define SHMV_FRAME_DISCONTINUITY UINT32_C(2) /* something before it was lost at the source */
#define SHMV_FRAME_CORRUPT UINT32_C(4)       /* the source flagged it as damaged */
#define SHMV_FRAME_END_OF_STREAM UINT32_C(8) /* the source's last frame before it ended */

/* shmv_header.dropped[]: frames that the writer did not publish, by cause. */
#define SHMV_DROP_SOURCE 0    /* lost before they reached the writer */
#define SHMV_DROP_CORRUPT 1   /* damaged or undecodable */
#define SHMV_DROP_TOO_LARGE 2 /* larger than a slot */
#define SHMV_DROP_NO_SLOT 3   /* every slot was on loan */
#define SHMV_DROP_LATE 4      /* skipped to keep pace */
#define SHMV_DROP_CAUSES 8

/* shmv_header.stages[]: what a published frame cost its writer, by stage. */
#define SHMV_STAGE_READ 0    /* getting it out of the source, without the waiting for it */
#define SHMV_STAGE_CONVERT 1 /* filling the slot: decoding, converting or copying into it */
#define SHMV_STAGE_PUBLISH 2 /* taking the slot, and announcing the frame in it */
#define SHMV_STAGES 3

/* Bucket i: times above 1024 << (i - 1) ns up to 1024 << i ns; the first from 0, the last without end. */
#define SHMV_STAGE_BUCKETS 27
#define SHMV_STAGE_BOUND_NS 1024

/* Since 1.1. All zero: not measured. */
typedef struct shmv_stage_times {
  uint64_t sum_ns;
  uint64_t max_ns; /* the longest */
  uint64_t bucket[SHMV_STAGE_BUCKETS]; /* frames by their time; the sum of all is their number */
} shmv_stage_times;

typedef struct shmv_header {
  /* The immutable block: written once before the segment gets its name, covered by crc32c. */
  uint64_t magic;
  uint16_t abi_major;
  uint16_t abi_minor;
  uint32_t endian_tag;
  uint32_t header_bytes;    /* SHMV_HEADER_BYTES or more in a later minor version */
  uint32_t immutable_bytes; /* the CRC covers [0, immutable_bytes - 4), the CRC stands behind */
  uint64_t feature_incompat; /* a reader that does not know a set bit refuses */
  uint64_t feature_compat;   /* a reader may ignore these: SHMV_COMPAT_* */
  uint64_t segment_bytes;
  uint32_t slot_count;
  uint32_t index_count; /* a power of two, at least 2 * slot_count */
  uint64_t descriptor_offset;
  uint64_t index_offset;
  uint64_t payload_offset;
  uint64_t slot_stride_bytes;
  uint64_t slot_capacity_bytes;
  uint32_t descriptor_stride_bytes;
  uint32_t kind;
  uint64_t generation;   /* goes up by one with each segment made under the name */
  uint64_t first_number; /* the number that this generation's first frame has */
  uint8_t stream_uuid[16]; /* one per writer start */
  uint8_t boot_id[16];
  uint64_t created_monotonic_ns;
  uint64_t created_realtime_ns;
  uint32_t writer_pid; /* information only: as the writer's own PID namespace has it */
  uint32_t writer_uid;
  uint64_t writer_pidns_inode;
  uint64_t writer_start_ticks; /* field 22 of /proc/PID/stat */
  uint32_t fourcc;             /* nominal; the frame's own stands in its descriptor */
  uint32_t width;
  uint32_t height;
  uint32_t fps_numerator;
  uint32_t fps_denominator;
  uint32_t reserved_0;
  char name[104];    /* zero-terminated */
  char program[32];  /* zero-terminated */
  char source[512];  /* zero-terminated, UTF-8: what the frames come from, for people */
  uint8_t reserved_1[156];
  uint32_t crc32c; /* CRC-32C (Castagnoli), initial value and final xor 0xffffffff */

  /* The hot line. */
  uint64_t latest; /* number of the newest published frame, 0: none yet */
  uint32_t notify; /* futex word: changes with every publish and change of state */
  uint8_t reserved_2[52];

  /* The owner line. */
  uint32_t owner; /* robust futex word: the writer's attendant thread */
  uint8_t reserved_3[60];

  /* The status lines. */
  uint32_t state;
  uint32_t source_state;
  uint64_t source_state_since_ns; /* CLOCK_MONOTONIC */
  uint64_t heartbeat_ns;          /* CLOCK_MONOTONIC: the process lives */
  uint64_t progress_ns;           /* CLOCK_MONOTONIC: the publishing loop turns */
  uint64_t frame_interval_ns;     /* nominal time between frames, 0: unknown */
  uint64_t latest_key;            /* number of the newest frame with SHMV_FRAME_KEY */
  uint32_t format_epoch;          /* goes up when format or size of the frames changes */
  uint32_t sleepers_woken;        /* by the last wake-up */
  uint64_t published;
  uint64_t revoked; /* held frames taken back because every slot was held */
  uint64_t dropped[SHMV_DROP_CAUSES];
  uint64_t clock_sequence; /* seqlock of the pair below: odd while it changes */
  uint64_t clock_monotonic_ns;
  uint64_t clock_realtime_ns;
  uint64_t last_publish_ns; /* CLOCK_MONOTONIC of the newest publish */
  shmv_stage_times stages[SHMV_STAGES]; /* since 1.1 */
  uint64_t source_reopened; /* since 1.1: how often the source was opened again */
  uint8_t reserved_4[24];

  /* Codec extradata (SPS, PPS, ...), a seqlock of its own. */
  uint64_t extradata_sequence; /* odd while it changes */
  uint32_t extradata_bytes;
  uint32_t reserved_5;
  uint8_t extradata[SHMV_EXTRADATA_CAPACITY_BYTES];
  uint8_t reserved_6[32];
} shmv_header;

typedef struct shmv_descriptor {
  uint64_t sequence;
  uint64_t payload_bytes;
  uint64_t plane_offset[SHMV_PLANES_MAX]; /* from the start of the payload */
  uint32_t plane_stride[SHMV_PLANES_MAX]; /* bytes from row to row */
  uint32_t plane_count;                   /* 0: one opaque run of bytes (coded) */
  uint32_t fourcc;
  uint32_t width;
  uint32_t height;
  uint32_t flags;
  uint32_t format_epoch;
  uint64_t capture_monotonic_ns;
  uint64_t capture_realtime_ns;
  uint64_t publish_monotonic_ns;
  int64_t pts; /* in timebase units; SHMV_NO_TIME where unknown */
  int64_t dts;
  int64_t duration;
  uint32_t timebase_numerator;
  uint32_t timebase_denominator;
  uint64_t key_number;    /* the key frame needed to decode this one */
  uint64_t source_number; /* the source's own count, 0: it has none */
  uint8_t colour_range;   /* 0 unknown, 1 limited, 2 full */
  uint8_t colour_primaries; /* ISO/IEC 23091-2 code points, 2: unspecified */
  uint8_t colour_transfer;
  uint8_t colour_matrix;
  uint32_t payload_crc32c; /* 0: not computed */
  uint8_t reserved_0[88];
} shmv_descriptor;
#define SHMV_NO_TIME INT64_MIN

/* "NAME.readers": header, then as many entries as were ever taken (the file grows). */
#define SHMV_READERS_HEADER_BYTES 128
#define SHMV_READER_ENTRY_BYTES 128
#define SHMV_READERS_MAX 128
#define SHMV_HOLDS_MAX 4
#define SHMV_HOLD_BY_NUMBER (UINT64_C(1) << 63) /* a hold word: this, and the frame's number */

typedef struct shmv_readers_header {
  uint64_t magic;
  uint16_t abi_major;
  uint16_t abi_minor;
  uint32_t entry_bytes;
  uint32_t entry_max;
  uint8_t reserved_0[108];
} shmv_readers_header;

/* Entry i belongs to the open file description that has the write lock (OFD) on byte i. */
typedef struct shmv_reader_entry {
  uint64_t generation;           /* holds speak of this generation; written before any hold */
  uint64_t hold[SHMV_HOLDS_MAX]; /* slot + 1, or SHMV_HOLD_BY_NUMBER + frame number, 0: none */
  uint64_t key_request;          /* goes up with each request for a key frame */
  uint64_t seen;                 /* frames */
  uint64_t missed;               /* frames published that this reader did not get */
  uint64_t updated_monotonic_ns;
  uint32_t pid; /* information only */
  uint32_t grade; /* SHMV_GRADE_* */
  char program[32];
  uint64_t last_number;
  uint8_t reserved_0[8];
} shmv_reader_entry;

#define SHMV_GRADE_OBSERVE 1
#define SHMV_GRADE_COPY 2
#define SHMV_GRADE_HOLD 3

#define SHMV_AT(type, member, offset) \
  SHMV_STATIC_ASSERT(offsetof(type, member) == (offset), #type "." #member)

SHMV_STATIC_ASSERT(sizeof(shmv_header) == SHMV_HEADER_BYTES, "shmv_header is one page");
SHMV_STATIC_ASSERT(sizeof(shmv_stage_times) == 232, "shmv_stage_times");
SHMV_STATIC_ASSERT(sizeof(shmv_descriptor) == SHMV_DESCRIPTOR_BYTES, "shmv_descriptor");
SHMV_STATIC_ASSERT(sizeof(shmv_readers_header) == SHMV_READERS_HEADER_BYTES, "shmv_readers_header");
SHMV_STATIC_ASSERT(sizeof(shmv_reader_entry) == SHMV_READER_ENTRY_BYTES, "shmv_reader_entry");

SHMV_AT(shmv_header, magic, 0);
SHMV_AT(shmv_header, abi_major, 8);
SHMV_AT(shmv_header, abi_minor, 10);
SHMV_AT(shmv_header, endian_tag, 12);
SHMV_AT(shmv_header, header_bytes, 16);
SHMV_AT(shmv_header, immutable_bytes, 20);
SHMV_AT(shmv_header, feature_incompat, 24);
SHMV_AT(shmv_header, feature_compat, 32);
SHMV_AT(shmv_header, segment_bytes, 40);
SHMV_AT(shmv_header, slot_count, 48);
SHMV_AT(shmv_header, index_count, 52);
SHMV_AT(shmv_header, descriptor_offset, 56);
SHMV_AT(shmv_header, index_offset, 64);
SHMV_AT(shmv_header, payload_offset, 72);
SHMV_AT(shmv_header, slot_stride_bytes, 80);
SHMV_AT(shmv_header, slot_capacity_bytes, 88);
SHMV_AT(shmv_header, descriptor_stride_bytes, 96);
SHMV_AT(shmv_header, kind, 100);
SHMV_AT(shmv_header, generation, 104);
SHMV_AT(shmv_header, first_number, 112);
SHMV_AT(shmv_header, stream_uuid, 120);
SHMV_AT(shmv_header, boot_id, 136);
SHMV_AT(shmv_header, created_monotonic_ns, 152);
SHMV_AT(shmv_header, created_realtime_ns, 160);
SHMV_AT(shmv_header, writer_pid, 168);
SHMV_AT(shmv_header, writer_uid, 172);
SHMV_AT(shmv_header, writer_pidns_inode, 176);
SHMV_AT(shmv_header, writer_start_ticks, 184);
SHMV_AT(shmv_header, fourcc, 192);
SHMV_AT(shmv_header, width, 196);
SHMV_AT(shmv_header, height, 200);
SHMV_AT(shmv_header, fps_numerator, 204);
SHMV_AT(shmv_header, fps_denominator, 208);
SHMV_AT(shmv_header, reserved_0, 212);
SHMV_AT(shmv_header, name, 216);
SHMV_AT(shmv_header, program, 320);
SHMV_AT(shmv_header, source, 352);
SHMV_AT(shmv_header, reserved_1, 864);
SHMV_AT(shmv_header, crc32c, 1020);
SHMV_AT(shmv_header, latest, 1024);
SHMV_AT(shmv_header, notify, 1032);
SHMV_AT(shmv_header, reserved_2, 1036);
SHMV_AT(shmv_header, owner, 1088);
SHMV_AT(shmv_header, reserved_3, 1092);
SHMV_AT(shmv_header, state, 1152);
SHMV_AT(shmv_header, source_state, 1156);
SHMV_AT(shmv_header, source_state_since_ns, 1160);
SHMV_AT(shmv_header, heartbeat_ns, 1168);
SHMV_AT(shmv_header, progress_ns, 1176);
SHMV_AT(shmv_header, frame_interval_ns, 1184);
SHMV_AT(shmv_header, latest_key, 1192);
SHMV_AT(shmv_header, format_epoch, 1200);
SHMV_AT(shmv_header, sleepers_woken, 1204);
SHMV_AT(shmv_header, published, 1208);
SHMV_AT(shmv_header, revoked, 1216);
SHMV_AT(shmv_header, dropped, 1224);
SHMV_AT(shmv_header, clock_sequence, 1288);
SHMV_AT(shmv_header, clock_monotonic_ns, 1296);
SHMV_AT(shmv_header, clock_realtime_ns, 1304);
SHMV_AT(shmv_header, last_publish_ns, 1312);
SHMV_AT(shmv_header, stages, 1320);
SHMV_AT(shmv_header, source_reopened, 2016);
SHMV_AT(shmv_header, reserved_4, 2024);
SHMV_AT(shmv_header, extradata_sequence, 2048);
SHMV_AT(shmv_header, extradata_bytes, 2056);
SHMV_AT(shmv_header, reserved_5, 2060);
SHMV_AT(shmv_header, extradata, 2064);
SHMV_AT(shmv_header, reserved_6, 4064);

SHMV_AT(shmv_stage_times, sum_ns, 0);
SHMV_AT(shmv_stage_times, max_ns, 8);
SHMV_AT(shmv_stage_times, bucket, 16);

SHMV_AT(shmv_descriptor, sequence, 0);
SHMV_AT(shmv_descriptor, payload_bytes, 8);
SHMV_AT(shmv_descriptor, plane_offset, 16);
SHMV_AT(shmv_descriptor, plane_stride, 48);
SHMV_AT(shmv_descriptor, plane_count, 64);
SHMV_AT(shmv_descriptor, fourcc, 68);
SHMV_AT(shmv_descriptor, width, 72);
SHMV_AT(shmv_descriptor, height, 76);
SHMV_AT(shmv_descriptor, flags, 80);
SHMV_AT(shmv_descriptor, format_epoch, 84);
SHMV_AT(shmv_descriptor, capture_monotonic_ns, 88);
SHMV_AT(shmv_descriptor, capture_realtime_ns, 96);
SHMV_AT(shmv_descriptor, publish_monotonic_ns, 104);
SHMV_AT(shmv_descriptor, pts, 112);
SHMV_AT(shmv_descriptor, dts, 120);
SHMV_AT(shmv_descriptor, duration, 128);
SHMV_AT(shmv_descriptor, timebase_numerator, 136);
SHMV_AT(shmv_descriptor, timebase_denominator, 140);
SHMV_AT(shmv_descriptor, key_number, 144);
SHMV_AT(shmv_descriptor, source_number, 152);
SHMV_AT(shmv_descriptor, colour_range, 160);
SHMV_AT(shmv_descriptor, colour_primaries, 161);
SHMV_AT(shmv_descriptor, colour_transfer, 162);
SHMV_AT(shmv_descriptor, colour_matrix, 163);
SHMV_AT(shmv_descriptor, payload_crc32c, 164);
SHMV_AT(shmv_descriptor, reserved_0, 168);

SHMV_AT(shmv_readers_header, magic, 0);
SHMV_AT(shmv_readers_header, abi_major, 8);
SHMV_AT(shmv_readers_header, abi_minor, 10);
SHMV_AT(shmv_readers_header, entry_bytes, 12);
SHMV_AT(shmv_readers_header, entry_max, 16);
SHMV_AT(shmv_readers_header, reserved_0, 20);

SHMV_AT(shmv_reader_entry, generation, 0);
SHMV_AT(shmv_reader_entry, hold, 8);
SHMV_AT(shmv_reader_entry, key_request, 40);
SHMV_AT(shmv_reader_entry, seen, 48);
SHMV_AT(shmv_reader_entry, missed, 56);
SHMV_AT(shmv_reader_entry, updated_monotonic_ns, 64);
SHMV_AT(shmv_reader_entry, pid, 72);
SHMV_AT(shmv_reader_entry, grade, 76);
SHMV_AT(shmv_reader_entry, program, 80);
SHMV_AT(shmv_reader_entry, last_number, 112);
SHMV_AT(shmv_reader_entry, reserved_0, 120);

#undef SHMV_AT
#endif

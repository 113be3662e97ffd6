/* SPDX-License-Identifier: Apache-2.0 */
#include "readers/canonical.h"

#include <inttypes.h>
#include <stdio.h>

#include "readers/sha256.h"

static int frames_so_far = 0;

static void print_hexadecimal(const void* bytes, size_t count) {
  const unsigned char* at = bytes;
  for (size_t i = 0; i < count; ++i) printf("%02x", at[i]);
}

static void print_fourcc(uint32_t fourcc) {
  putchar('"');
  for (int shift = 0; shift < 32 && (fourcc >> shift & 0xff); shift += 8)
    putchar((int)(fourcc >> shift & 0xff));
  putchar('"');
}

static void print_time(const char* name, int64_t time) {
  if (time == SHMV_NO_TIME)
    printf("\"%s\":null,", name);
  else
    printf("\"%s\":%" PRId64 ",", name, time);
}

static const char* source_word(uint32_t state) {
  return state == SHMV_SOURCE_RECONNECTING ? "reconnecting" : state == SHMV_SOURCE_ENDED ? "ended" : "ok";
}

void golden_begin(const golden_segment* s) {
  printf("{\"segment\":{\"name\":\"%s\",\"kind\":\"%s\",\"fourcc\":", s->name,
         s->kind == SHMV_KIND_CODED ? "coded" : "raw");
  print_fourcc(s->fourcc);
  printf(",\"width\":%" PRIu32 ",\"height\":%" PRIu32 ",\"fps\":[%" PRIu32 ",%" PRIu32
         "],\"generation\":%" PRIu64 ",\"state\":\"%s\",\"source_state\":\"%s\",\"extradata\":\"",
         s->width, s->height, s->fps_numerator, s->fps_denominator, s->generation, s->state,
         source_word(s->source_state));
  print_hexadecimal(s->extradata, s->extradata_bytes);
  printf("\"},\n\"frames\":[");
}

static void print_planes(const golden_frame* f) {
  printf("\"planes\":[");
  for (uint32_t i = 0; i < f->plane_count; ++i)
    printf("%s[%" PRIu64 ",%" PRIu32 "]", i ? "," : "", f->plane_offset[i], f->plane_stride[i]);
  printf("],");
}

void golden_add(const golden_frame* f, const void* bytes, uint64_t count) {
  unsigned char digest[32];
  printf("%s\n{\"number\":%" PRIu64 ",\"fourcc\":", frames_so_far++ ? "," : "", f->number);
  print_fourcc(f->fourcc);
  printf(",\"width\":%" PRIu32 ",\"height\":%" PRIu32 ",\"flags\":%" PRIu32 ",\"format_epoch\":%" PRIu32 ",",
         f->width, f->height, f->flags, f->format_epoch);
  print_planes(f);
  printf("\"capture_monotonic_ns\":%" PRIu64 ",\"capture_realtime_ns\":%" PRIu64
         ",\"publish_monotonic_ns\":%" PRIu64 ",",
         f->capture_monotonic_ns, f->capture_realtime_ns, f->publish_monotonic_ns);
  print_time("pts", f->pts);
  print_time("dts", f->dts);
  printf("\"duration\":%" PRId64 ",\"timebase\":[%" PRIu32 ",%" PRIu32 "],\"key_number\":%" PRIu64
         ",\"source_number\":%" PRIu64 ",\"colour\":[%d,%d,%d,%d],\"bytes\":%" PRIu64 ",\"sha256\":\"",
         f->duration, f->timebase_numerator, f->timebase_denominator, f->key_number, f->source_number,
         f->colour[0], f->colour[1], f->colour[2], f->colour[3], count);
  sha256(bytes, (size_t)count, digest);
  print_hexadecimal(digest, sizeof digest);
  printf("\"}");
}

void golden_end(void) { printf("]}\n"); }

void golden_refused(const char* code) { printf("{\"refused\":\"%s\"}\n", code); }

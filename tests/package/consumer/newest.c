/* SPDX-License-Identifier: Apache-2.0 */
/* A stranger's program in C11, with nothing but <shmvideo/layout.h>: prints the number, the width and the
 * height of the newest frame of the segment that lies in the file given. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <shmvideo/layout.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int refuse(const char* why) {
  fprintf(stderr, "newest: %s\n", why);
  return 1;
}

static uint64_t word_at(const unsigned char* segment, uint64_t offset) {
  return __atomic_load_n((const uint64_t*)(const void*)(segment + offset), __ATOMIC_ACQUIRE);
}

/* Where the descriptor of the newest frame lies; 0: there is none, or the segment is not to be believed. */
static uint64_t newest_descriptor(const unsigned char* segment, const shmv_header* header, uint64_t bytes) {
  const uint64_t number = word_at(segment, offsetof(shmv_header, latest));
  const uint64_t place = header->index_offset + (number & (header->index_count - 1)) * sizeof(uint64_t);
  uint64_t entry, descriptor;
  if (number == 0 || header->index_offset > bytes || place + sizeof(uint64_t) > bytes || place % 8 != 0)
    return 0;
  entry = word_at(segment, place);
  if (entry >> SHMV_INDEX_SLOT_BITS != number) return 0;
  descriptor = header->descriptor_offset +
               (entry & ((1u << SHMV_INDEX_SLOT_BITS) - 1)) * header->descriptor_stride_bytes;
  return header->descriptor_offset > bytes || descriptor + sizeof(shmv_descriptor) > bytes ||
                 descriptor % 8 != 0
             ? 0
             : descriptor;
}

/* A writer that laps this program makes it look again. */
static int print_newest(const unsigned char* segment, const shmv_header* header, uint64_t bytes) {
  int attempt;
  for (attempt = 0; attempt < 1000; ++attempt) {
    const uint64_t at = newest_descriptor(segment, header, bytes);
    shmv_descriptor descriptor;
    if (at == 0) continue;
    descriptor.sequence = word_at(segment, at);
    if ((descriptor.sequence & 3) != SHMV_SLOT_STABLE) continue;
    memcpy(&descriptor.payload_bytes, segment + at + 8, sizeof descriptor - 8);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (word_at(segment, at) != descriptor.sequence) continue;
    printf("%llu %lu %lu\n", (unsigned long long)(descriptor.sequence >> 2), (unsigned long)descriptor.width,
           (unsigned long)descriptor.height);
    return 0;
  }
  return refuse("no frame stood still");
}

int main(int argc, char** argv) {
  struct stat facts;
  const unsigned char* segment;
  shmv_header header;
  const int file = open(argc > 1 ? argv[1] : "", O_RDONLY | O_CLOEXEC);
  if (file < 0 || fstat(file, &facts) != 0) return refuse("there is no such segment");
  if ((uint64_t)facts.st_size < sizeof header) return refuse("too short for a segment");
  segment = mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (segment == MAP_FAILED) return refuse("cannot be mapped");
  memcpy(&header, segment, sizeof header);
  if (header.magic != SHMV_MAGIC) return refuse("the magic is wrong");
  if (header.abi_major != SHMV_ABI_MAJOR) return refuse("of another version");
  if (header.index_count == 0) return refuse("damaged");
  return print_newest(segment, &header, (uint64_t)facts.st_size);
}

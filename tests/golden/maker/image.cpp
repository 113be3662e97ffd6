// SPDX-License-Identifier: Apache-2.0
#include "maker/image.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <numeric>
#include <stdexcept>

#include "segment/crc32c.hpp"

namespace golden {
namespace {

constexpr std::uint32_t kWriterThread = 4243;
constexpr std::uint64_t kPublishNs = 3000;  // of the third bucket

void settle_identity(shmv_header& h, std::uint8_t ordinal) {
  std::iota(std::begin(h.stream_uuid), std::end(h.stream_uuid), std::uint8_t{0xa0});
  h.stream_uuid[15] = ordinal;
  std::iota(std::begin(h.boot_id), std::end(h.boot_id), std::uint8_t{0xb0});
  h.created_monotonic_ns = kBornMonotonicNs;
  h.created_realtime_ns = kBornRealtimeNs;
  h.writer_pid = kWriterThread - 1;
  h.writer_uid = 1000;
  h.writer_pidns_inode = 4026531836;
  h.writer_start_ticks = 98765;
  // The kernel's mark of a killed writer; one that ended in good order has given the word up.
  if (h.owner) h.owner = kWriterThread | SHMV_OWNER_WAITERS | SHMV_OWNER_DIED;
}

void settle_times(shmv_header& h) {
  const std::uint64_t newest = kBornMonotonicNs + 500 * kMillisecond;
  h.source_state_since_ns = kBornMonotonicNs + 7 * kMillisecond;
  h.heartbeat_ns = newest + kMillisecond;
  h.progress_ns = newest;
  h.last_publish_ns = h.latest ? newest : 0;
  h.clock_sequence = 2;
  h.clock_monotonic_ns = kBornMonotonicNs + 400 * kMillisecond;
  h.clock_realtime_ns = kBornRealtimeNs + 400 * kMillisecond;
  shmv_stage_times& publish = h.stages[SHMV_STAGE_PUBLISH];
  const auto frames = std::accumulate(std::begin(publish.bucket), std::end(publish.bucket), std::uint64_t{0});
  publish = {};
  publish.bucket[2] = frames;
  publish.sum_ns = frames * kPublishNs;
  publish.max_ns = frames ? kPublishNs : 0;
}

}  // namespace

Image Image::of(const std::filesystem::path& file) {
  std::vector<std::byte> bytes(std::filesystem::file_size(file));
  std::ifstream in(file, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size())))
    throw std::runtime_error("cannot read " + file.string());
  return Image(std::move(bytes));
}

void Image::write_to(const std::filesystem::path& file) const {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes_.data()), static_cast<std::streamsize>(bytes_.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

shmv_descriptor& Image::descriptor(std::uint32_t slot) {
  const shmv_header& h = header();
  return at<shmv_descriptor>(h.descriptor_offset + std::uint64_t{slot} * h.descriptor_stride_bytes);
}

std::uint64_t& Image::index_entry(std::uint64_t number) {
  const shmv_header& h = header();
  return at<std::uint64_t>(h.index_offset + number % h.index_count * sizeof(std::uint64_t));
}

std::uint32_t Image::slot_of(std::uint64_t number) {
  return static_cast<std::uint32_t>(index_entry(number) & ((1U << SHMV_INDEX_SLOT_BITS) - 1));
}

void Image::seal() { header().crc32c = shmvideo::crc32c(bytes_.data(), offsetof(shmv_header, crc32c)); }

void settle(Image& image, std::uint8_t ordinal) {
  shmv_header& h = image.header();
  settle_identity(h, ordinal);
  settle_times(h);
  for (std::uint32_t slot = 0; slot < h.slot_count; ++slot) {
    shmv_descriptor& d = image.descriptor(slot);
    if (d.payload_bytes) d.publish_monotonic_ns = d.capture_monotonic_ns + 2 * kMillisecond;
  }
  image.seal();
}

}  // namespace golden

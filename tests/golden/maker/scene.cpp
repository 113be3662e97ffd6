// SPDX-License-Identifier: Apache-2.0
#include "maker/scene.hpp"

#include <numeric>
#include <stdexcept>

namespace golden {

using namespace shmvideo;

namespace {

/// One that does not change when other scenes are added.
std::uint8_t ordinal_of(const std::string& name) {
  return std::accumulate(name.begin(), name.end(), std::uint8_t{0},
                         [](std::uint8_t sum, char c) { return static_cast<std::uint8_t>(sum * 31 + c); });
}

}  // namespace

Image Workshop::settled(const std::string& name, Image image) {
  settle(image, ordinal_of(name));
  return image;
}

void Workshop::keep(const std::string& name, Image image) {
  keep_as_it_is(name, settled(name, std::move(image)));
}

void Workshop::keep_as_it_is(const std::string& name, const Image& image) {
  if (std::filesystem::exists(output_ / name)) throw std::runtime_error("two scenes are named " + name);
  image.write_to(output_ / name);
}

WriterOptions small_options(const StreamInfo& stream, std::uint32_t slots) {
  WriterOptions options;
  options.stream = stream;
  options.slots = slots;
  options.slot_capacity_bytes = SHMV_PAGE_BYTES;
  options.program = "golden";
  options.source = "numbers";
  return options;
}

StreamInfo stream_of(std::uint32_t fourcc, std::uint32_t width, std::uint32_t height) {
  return {SHMV_KIND_RAW, fourcc, width, height, 30000, 1001};
}

FrameInfo packed_frame(const StreamInfo& stream, std::uint32_t bytes_per_pixel) {
  FrameInfo info;
  info.fourcc = stream.fourcc;
  info.width = stream.width;
  info.height = stream.height;
  info.plane_count = 1;
  info.plane_stride[0] = bytes_per_pixel * stream.width;
  info.payload_bytes = std::uint64_t{info.plane_stride[0]} * stream.height;
  return info;
}

void fill(std::span<std::byte> bytes, std::uint64_t number) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(number * 31 + i * 7 + (i >> 8) * 13);
}

void publish(Writer& writer, FrameInfo info) {
  const std::uint64_t number = writer.statistics().latest + 1;
  const std::uint64_t since_born = number % 1000 * 33'366'700;
  info.capture_monotonic_ns = kBornMonotonicNs + since_born;
  info.capture_realtime_ns = kBornRealtimeNs + since_born;
  Writer::Loan loan = writer.loan();
  if (!loan) throw std::runtime_error("no slot");
  fill(loan.bytes().first(info.payload_bytes), number);
  if (loan.publish(info) != PublishStatus::published) throw std::runtime_error("not published");
}

}  // namespace golden

// SPDX-License-Identifier: Apache-2.0
#include "segment_pass.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <memory>

#include "segment/crc32c.hpp"
#include "segment/predecessor.hpp"
#include "segment/validate.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/report.hpp"
#include "shmvideo/writer.hpp"
#include "support/temp_place.hpp"

namespace shmvideo_test {
namespace {

using namespace shmvideo;

/// One place for all passes: a folder for each would cost more than the pass.
TempPlace& place() {
  static TempPlace once;
  return once;
}

const SegmentName& name() {
  static const SegmentName once("fuzz");
  return once;
}

std::size_t read_all(Grade grade, Order order) {
  ReaderOptions options;
  options.grade = grade;
  options.order = order;
  options.start = Start::oldest;
  options.present = false;
  auto reader = Reader::attach(name(), options);
  Frame frame;
  std::size_t frames = 0;
  std::uint64_t sum = 0;
  while (frames < 5000 && reader->next(frame, std::chrono::nanoseconds(0)) == ReadStatus::frame) {
    ++frames;
    for (const std::byte byte : frame.bytes()) sum += static_cast<std::uint64_t>(byte);
    if (const auto picture = as_picture(frame.info(), frame.bytes())) sum += picture->width;
  }
  // Somewhere to put it, or nothing would have to be read.
  [[maybe_unused]] static volatile std::uint64_t sink;
  sink = sum + reader->extradata().size() + static_cast<std::uint64_t>(reader->state());
  return frames;
}

void write_file(std::span<const std::uint8_t> bytes, bool sign) {
  std::vector<std::uint8_t> content(bytes.begin(), bytes.end());
  if (sign && content.size() >= sizeof(shmv_header)) {
    shmv_header header;
    std::memcpy(&header, content.data(), sizeof header);
    header.magic = SHMV_MAGIC;
    header.abi_major = SHMV_ABI_MAJOR;
    header.endian_tag = SHMV_ENDIAN_TAG;
    header.feature_incompat = 0;
    header.immutable_bytes = offsetof(shmv_header, crc32c) + sizeof header.crc32c;
    header.crc32c = crc32c(&header, offsetof(shmv_header, crc32c));
    std::memcpy(content.data(), &header, sizeof header);
  }
  // Every page is written, hence there: a segment may not have holes.
  const int fd = ::open((place().path() / "fuzz").c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  [[maybe_unused]] const auto written = ::write(fd, content.data(), content.size());
  ::close(fd);
}

}  // namespace

std::size_t segment_pass(std::span<const std::uint8_t> bytes, bool sign) {
  write_file(bytes, sign);
  std::size_t frames = 0;
  try {
    frames += read_all(Grade::observe, Order::in_order);
    frames += read_all(Grade::observe, Order::newest);
    static_cast<void>(report(name()));
  } catch (const Error&) {
    // What was wrong with it does not matter here.
  }
  const Predecessor predecessor(place().path() / "fuzz");
  static_cast<void>(predecessor.latest());
  ::unlink((place().path() / "fuzz").c_str());
  return frames;
}

std::vector<std::uint8_t> sample_segment() {
  place();
  WriterOptions options;
  options.slots = 3;
  options.slot_capacity_bytes = 4096;
  options.program = "sample";
  options.source = "made up";
  auto writer = Writer::create(name(), options);
  const std::vector<std::byte> payload(4096, std::byte{0x55});
  for (int i = 0; i < 5; ++i) writer->publish(packed_frame_info(PixelFormat::gray8, 32, 32), payload);
  std::ifstream in(place().path() / "fuzz", std::ios::binary);
  std::vector<char> bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return {bytes.begin(), bytes.end()};
}

}  // namespace shmvideo_test

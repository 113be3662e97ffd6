// SPDX-License-Identifier: Apache-2.0
//
// conformance-writer NAME WIDTH HEIGHT SLOTS < COMMANDS
//
// A writer that does what it is told, a line at a time, and says on stdout what it did: `publish COUNT`,
// `resize WIDTH HEIGHT`, `drop COUNT`, `reopen`, `take STAGE NANOSECONDS`, `close`, and `header`, which
// prints the fields of its segment as layout.h has them. Every byte of a frame tells its number.
#include "shmvideo/writer.hpp"

#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "support/patterned_frame.hpp"

namespace {

using namespace shmvideo;

StreamInfo bgr_stream(std::uint32_t width, std::uint32_t height) {
  StreamInfo stream;
  stream.fourcc = make_fourcc('B', 'G', 'R', '3');
  stream.width = width;
  stream.height = height;
  stream.fps_numerator = 30000;
  stream.fps_denominator = 1001;
  return stream;
}

std::uint64_t bytes_of(const StreamInfo& stream) { return std::uint64_t{3} * stream.width * stream.height; }

bool publish_one(Writer& writer, const StreamInfo& stream) {
  FrameInfo info;
  info.payload_bytes = bytes_of(stream);
  info.fourcc = stream.fourcc;
  info.width = stream.width;
  info.height = stream.height;
  info.plane_count = 1;
  info.plane_stride[0] = 3 * stream.width;
  Writer::Loan loan = writer.loan();
  if (!loan) return false;
  shmvideo_test::fill_pattern(loan.bytes().first(info.payload_bytes), writer.statistics().latest + 1);
  return loan.publish(info) == PublishStatus::published;
}

void print_header(const Writer& writer) {
  shmv_header header = {};
  const auto path = writer.place().directory / writer.name().str();
  std::ifstream(path, std::ios::binary).read(reinterpret_cast<char*>(&header), sizeof header);
#define PRINT(field) std::cout << "header " #field " " << header.field << '\n'
  PRINT(abi_major);
  PRINT(abi_minor);
  PRINT(header_bytes);
  PRINT(immutable_bytes);
  PRINT(feature_incompat);
  PRINT(feature_compat);
  PRINT(segment_bytes);
  PRINT(slot_count);
  PRINT(index_count);
  PRINT(descriptor_offset);
  PRINT(index_offset);
  PRINT(payload_offset);
  PRINT(slot_stride_bytes);
  PRINT(slot_capacity_bytes);
  PRINT(descriptor_stride_bytes);
  PRINT(kind);
  PRINT(generation);
  PRINT(first_number);
  PRINT(created_monotonic_ns);
  PRINT(created_realtime_ns);
  PRINT(writer_pid);
  PRINT(writer_uid);
  PRINT(writer_pidns_inode);
  PRINT(writer_start_ticks);
  PRINT(width);
  PRINT(height);
  PRINT(fps_numerator);
  PRINT(fps_denominator);
  PRINT(name);
  PRINT(program);
  PRINT(source);
  PRINT(latest);
  PRINT(latest_key);
  PRINT(published);
  PRINT(revoked);
  PRINT(frame_interval_ns);
  PRINT(source_reopened);
#undef PRINT
}

bool obey(const std::string& line, Writer& writer, StreamInfo& stream) {
  std::istringstream words(line);
  std::string command;
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  words >> command >> first >> second;
  if (command == "publish") {
    for (std::uint32_t i = 0; i < first; ++i) {
      if (!publish_one(writer, stream)) return false;
    }
  } else if (command == "resize") {
    stream = bgr_stream(first, second);
    writer.reserve(stream, bytes_of(stream));
  } else if (command == "drop") {
    writer.drop(DropCause::corrupt, first);
  } else if (command == "reopen") {
    writer.count_reopening();
  } else if (command == "take") {
    writer.add_stage_time(static_cast<Stage>(first), second);
  } else if (command == "header") {
    print_header(writer);
  } else if (command == "close") {
    writer.close();
  } else {
    return false;
  }
  std::cout << line << ": " << writer.statistics().latest << std::endl;
  return true;
}

int run(int argc, char** argv) {
  if (argc != 5) return 2;
  StreamInfo stream = bgr_stream(static_cast<std::uint32_t>(std::stoul(argv[2])),
                                 static_cast<std::uint32_t>(std::stoul(argv[3])));
  WriterOptions options;
  options.stream = stream;
  options.slots = static_cast<std::uint32_t>(std::stoul(argv[4]));
  options.slot_capacity_bytes = bytes_of(stream);
  options.program = "conformance";
  options.source = "numbers, \xc3\xbc";
  const auto writer = Writer::create(SegmentName(argv[1]), options);
  std::cout << "ready: " << writer->statistics().latest << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    if (!obey(line, *writer, stream)) return 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}

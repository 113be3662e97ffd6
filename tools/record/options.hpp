// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "shmvideo/name.hpp"
#include "sink/recording/container.hpp"
#include "toolkit/options/cli.hpp"
#include "toolkit/shared_options.hpp"

namespace shmvideo::record {

struct BitRate {
  std::uint64_t per_second = 0;
};

struct RecordOptions {
  std::optional<SegmentName> name;
  std::filesystem::path output;
  std::optional<sink::Container> container;
  sink::Codec codec = sink::Codec::h264;
  int quality = toolkit::kUsualJpegQuality;
  std::string preset = "superfast";
  std::optional<BitRate> bit_rate;
  bool overwrite = false;
  bool follow = false;
  bool strict = false;
  toolkit::ByteSize queue{128U << 20U};
  std::chrono::nanoseconds timeout = std::chrono::seconds(5);
  std::chrono::nanoseconds shutdown_timeout = std::chrono::seconds(10);
  toolkit::RunLimits limits;

  bool is_to_standard_output() const { return output == "-"; }
};

void define(toolkit::Cli& cli, RecordOptions& options);

/// Throws UsageError where the output is not one that can be: before anything is waited for.
void check_output(const RecordOptions& options);

/// What the options say the file is: --container, else by its ending. Throws UsageError.
sink::Container container_of(const RecordOptions& options);

}  // namespace shmvideo::record

/// 800k or 4M (of 1000), or plain bits per second.
template <>
struct shmvideo::toolkit::Value<shmvideo::record::BitRate> {
  static constexpr const char* kType = "bit rate";
  static constexpr const char* kMetavar = "RATE";
  static constexpr Completion kCompletion = Completion::none;
  static record::BitRate parse(std::string_view text);
  static std::string print(record::BitRate value);
};

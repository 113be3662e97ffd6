// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "shmvideo/name.hpp"
#include "shmvideo/pixel_format.hpp"
#include "shmvideo/reader.hpp"
#include "toolkit/options/cli.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::bench {

/// What a process of this program is; all but the supervisor are started by it.
enum class Role { supervisor, reader, writer };

/// What is known of the numbers in a foreign segment's pictures.
enum class Numbers { automatic, pattern, clip, none };

struct BenchOptions {
  std::optional<SegmentName> segment;
  std::chrono::nanoseconds timeout = std::chrono::seconds(5);
  std::uint32_t clients = 20;
  std::chrono::nanoseconds duration = std::chrono::seconds(10);
  std::chrono::nanoseconds warmup = std::chrono::seconds(1);
  Grade grade = Grade::hold;
  bool newest = false;
  Numbers numbers = Numbers::automatic;
  bool churn = false;
  bool chaos = false;
  std::optional<std::uint64_t> seed;
  // The own writer's.
  toolkit::Resolution resolution{1920, 1080};
  std::optional<toolkit::Rate> rate;  // see rate_of()
  PixelFormat format = PixelFormat::bgr24;
  std::uint32_t slots = 6;
  bool fast = false;
  // A server's load.
  std::optional<std::string> http;
  std::uint32_t slow = 0;
  toolkit::ByteSize slow_rate{std::uint64_t{256} << 10};  // a second
  std::uint32_t stalled = 0;
  bool check_pictures = false;
  std::optional<std::filesystem::path> report;
  // The verdict's.
  std::uint64_t allow_missed = 0;
  toolkit::ByteSize max_growth{std::uint64_t{4} << 20};
  // What is shown.
  bool json = false;
  std::optional<std::chrono::nanoseconds> interval;
  // Hidden: how a process that was started by the supervisor knows what it is.
  Role role = Role::supervisor;
  std::uint32_t client = 0;
};

/// What the own writer publishes.
inline toolkit::Rate rate_of(const BenchOptions& options) {
  return options.rate.value_or(toolkit::Rate{30, 1});
}

void define(toolkit::Cli& cli, BenchOptions& options);

}  // namespace shmvideo::bench

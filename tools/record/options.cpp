// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>
#include <vector>

#include "shmvideo/error.hpp"
#include "sink/recording/file_names.hpp"

namespace shmvideo::record {
namespace {

using toolkit::UsageError;

std::vector<toolkit::Choice<std::optional<sink::Container>>> container_choices() {
  std::vector<toolkit::Choice<std::optional<sink::Container>>> choices;
  for (const sink::ContainerInfo& info : sink::containers()) {
    choices.push_back({std::string(info.name), info.container, std::string(info.what)});
  }
  return choices;
}

std::vector<toolkit::Choice<std::string>> preset_choices() {
  std::vector<toolkit::Choice<std::string>> choices;
  for (const char* word : {"ultrafast", "superfast", "veryfast", "faster", "fast", "medium"}) {
    choices.push_back({word, word, {}});
  }
  return choices;
}

/// The words of those containers of which `condition` holds.
template <typename Condition>
std::string names_of(Condition condition) {
  std::string names;
  for (const sink::ContainerInfo& info : sink::containers()) {
    if (condition(info)) names += (names.empty() ? "" : ", ") + std::string(info.name);
  }
  return names;
}

}  // namespace

sink::Container container_of(const RecordOptions& options) {
  if (options.container) return *options.container;
  const std::string all = names_of([](const auto&) { return true; });
  if (options.is_to_standard_output()) {
    throw UsageError(fmt::format("--container: say what standard output gets: {}",
                                 names_of([](const auto& each) { return each.is_streamable; })));
  }
  if (const auto found = sink::container_of(options.output)) return *found;
  throw UsageError(
      fmt::format("--output: '{}' does not tell by its ending what it is to be; add --container, one of "
                  "{}",
                  options.output.string(), all));
}

void check_output(const RecordOptions& options) {
  if (options.output.empty()) {
    throw UsageError("--output: where to? Name a file, as in -o film.mp4, or -o - for standard output");
  }
  const sink::ContainerInfo& info = info_of(container_of(options));
  if (options.is_to_standard_output() && !info.is_streamable) {
    throw UsageError(fmt::format("--container: {} cannot be written to standard output; use {}", info.name,
                                 names_of([](const auto& each) { return each.is_streamable; })));
  }
  const std::string file = options.output.filename().string();
  if (!info.is_by_number && sink::NumberedName::has_number(file)) {
    throw UsageError(fmt::format("--output: '{}': numbers are for pictures, as in frame-%06d.jpg",
                                 options.output.string()));
  }
  if (!info.is_by_number) return;
  try {
    sink::NumberedName{options.output};
  } catch (const Error& error) {
    throw UsageError(fmt::format("--output: {}", error.what()));
  }
}

void define(toolkit::Cli& cli, RecordOptions& options) {
  cli.group("What is recorded");
  toolkit::add_read_segment(cli, options.name).if_unset("the only one with a live writer");
  toolkit::add_timeout(cli, options.timeout);
  toolkit::add_run_limits(cli, options.limits, "frames");
  cli.flag("--follow", options.follow, "Wait for the next writer when one stops, and go on with it");
  cli.group("Where it goes");
  cli.option("-o,--output", options.output, "File to write, '-' for standard output").metavar("FILE");
  cli.flag("--overwrite", options.overwrite, "Replace a file that exists");
  cli.choice("--container", options.container, container_choices(), "What the file is")
      .if_unset("what its ending says");
  cli.option("--queue", options.queue, "Memory for frames that wait to be encoded and written");
  cli.flag("--strict", options.strict, "Exit with status 3 if frames were lost").reloadable();
  toolkit::add_shutdown_timeout(cli, options.shutdown_timeout)
      .details(
          "Four fifths of it are for the frames that wait, the rest is for finishing the file without them.");
  cli.group("How frames are coded");
  cli.choice("--codec", options.codec,
             {{"h264", sink::Codec::h264, "small, but work for the processor"},
              {"mjpeg", sink::Codec::mjpeg, "JPEG pictures: large, little work"}},
             "What raw frames become in mkv and mp4");
  cli.choice("--preset", options.preset, preset_choices(), "How much work to put into small H.264");
  cli.option("--bitrate", options.bit_rate, "Bits per second of H.264")
      .range("10k to 1000M")
      .if_unset("a constant quality");
  toolkit::add_quality(cli, options.quality).details("Of .mjpeg, .avi and .jpg, and of --codec mjpeg.");
}

}  // namespace shmvideo::record

namespace shmvideo::toolkit {

record::BitRate Value<record::BitRate>::parse(std::string_view text) {
  constexpr std::uint64_t kLeast = 10'000;
  constexpr std::uint64_t kMost = 1'000'000'000;
  std::uint64_t bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const std::uint64_t factor = unit.empty() ? 1 : unit == "k" ? 1000 : unit == "M" ? 1'000'000 : 0;
  if (error != std::errc() || factor == 0 || bits > kMost / factor || bits * factor < kLeast) {
    throw UsageError(
        fmt::format("'{}' is no bit rate; use 800k, 4M or bits per second, from 10k to 1000M", text));
  }
  return {bits * factor};
}

std::string Value<record::BitRate>::print(record::BitRate value) {
  if (value.per_second % 1'000'000 == 0) return fmt::format("{}M", value.per_second / 1'000'000);
  return value.per_second % 1000 == 0 ? fmt::format("{}k", value.per_second / 1000)
                                      : std::to_string(value.per_second);
}

}  // namespace shmvideo::toolkit

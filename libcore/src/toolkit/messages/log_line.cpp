// SPDX-License-Identifier: Apache-2.0
#include "toolkit/messages/log_line.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <ctime>

#include "toolkit/json.hpp"

namespace shmvideo::toolkit {
namespace {

using std::chrono::system_clock;

constexpr const char* kNames[] = {"error", "warn", "info", "debug"};
constexpr const char* kColours[] = {"\033[31m", "\033[33m", "", "\033[2m"};  // red, yellow, none, faint
constexpr int kSyslogPriorities[] = {3, 4, 6, 7};

std::size_t index_of(const LogLine& line) { return static_cast<std::size_t>(line.level); }
const char* name_of(const LogLine& line) { return kNames[index_of(line)]; }

std::string utc_time() {
  const auto now = system_clock::now();
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(system_clock::to_time_t(now)), milliseconds);
}

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  return fmt::format("{:%H:%M:%S}", parts);
}

std::string text_of(const LogLine& line) {
  std::string text = on_one_line(line.message);
  if (line.count > 1) text += fmt::format(" (repeated {} times)", line.count);
  return text;
}

}  // namespace

std::string on_one_line(std::string_view message) {
  std::string line(message);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return line;
}

std::string json_line(const LogLine& line) {
  Json object{{"time", utc_time()},
              {"level", name_of(line)},
              {"program", line.program},
              {"pid", ::getpid()},
              {"message", line.message}};
  if (line.count > 1) object["repeated"] = line.count;
  return to_line(object);
}

std::string terminal_line(const LogLine& line, bool has_colour) {
  const char* colour = has_colour ? kColours[index_of(line)] : "";
  return fmt::format("{} {}{:<5}{} {}", local_time(), colour, name_of(line), *colour ? "\033[0m" : "",
                     text_of(line));
}

std::string journal_line(const LogLine& line) {
  return fmt::format("<{}>{}", kSyslogPriorities[index_of(line)], text_of(line));
}

std::string stamped_line(const LogLine& line) {
  return fmt::format("{} {:<5} {}", utc_time(), name_of(line), text_of(line));
}

std::string file_line(const LogLine& line) {
  return fmt::format("{} {}[{}] {:<5} {}", utc_time(), line.program, ::getpid(), name_of(line),
                     text_of(line));
}

}  // namespace shmvideo::toolkit

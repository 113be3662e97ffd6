// SPDX-License-Identifier: Apache-2.0
// The types that values of options have. Each has one parser, one printer (for defaults) and one
// name for people. A tool may add its own by specialising Value.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "shmvideo/name.hpp"
#include "toolkit/options/command_model.hpp"
#include "toolkit/options/usage_error.hpp"

namespace shmvideo::toolkit {

struct ByteSize {
  std::uint64_t bytes = 0;
};

struct Resolution {
  std::uint32_t width = 0;   ///< pixels
  std::uint32_t height = 0;  ///< pixels
};

/// Events per second as a fraction, so that 30000/1001 stays what it is.
struct Rate {
  std::uint32_t numerator = 0;
  std::uint32_t denominator = 1;
  double per_second() const { return static_cast<double>(numerator) / denominator; }
};

/// Who may read and write a segment: 0600 to 0664.
struct FileMode {
  mode_t bits = 0;
};

// Every parser throws UsageError that quotes the text and names the forms that exist.
std::chrono::nanoseconds parse_duration(std::string_view text);  ///< 90, 90s, 10m, 1h, 250ms
ByteSize parse_byte_size(std::string_view text);                 ///< 4096, 512K, 15M, 2G (of 1024)
Resolution parse_resolution(std::string_view text);              ///< 1920x1080
Rate parse_rate(std::string_view text);                          ///< 30, 29.97, 30000/1001
FileMode parse_file_mode(std::string_view text);                 ///< 640 or 0640
std::int64_t parse_integer(std::string_view text, std::int64_t low, std::int64_t high);
double parse_real(std::string_view text, double low, double high);

std::string print(std::chrono::nanoseconds value);
std::string print(ByteSize value);
std::string print(Resolution value);
std::string print(Rate value);
std::string print(FileMode value);
std::string print(double value);

/// How a type of value is called, parsed, printed and completed.
template <typename T>
struct Value;

template <>
struct Value<std::chrono::nanoseconds> {
  static constexpr const char* kType = "duration";
  static constexpr const char* kMetavar = "TIME";
  static constexpr Completion kCompletion = Completion::none;
  static std::chrono::nanoseconds parse(std::string_view text) { return parse_duration(text); }
  static std::string print(std::chrono::nanoseconds value) { return toolkit::print(value); }
};

template <>
struct Value<ByteSize> {
  static constexpr const char* kType = "size";
  static constexpr const char* kMetavar = "SIZE";
  static constexpr Completion kCompletion = Completion::none;
  static ByteSize parse(std::string_view text) { return parse_byte_size(text); }
  static std::string print(ByteSize value) { return toolkit::print(value); }
};

template <>
struct Value<Resolution> {
  static constexpr const char* kType = "resolution";
  static constexpr const char* kMetavar = "WxH";
  static constexpr Completion kCompletion = Completion::none;
  static Resolution parse(std::string_view text) { return parse_resolution(text); }
  static std::string print(Resolution value) { return toolkit::print(value); }
};

template <>
struct Value<Rate> {
  static constexpr const char* kType = "rate";
  static constexpr const char* kMetavar = "FPS";
  static constexpr Completion kCompletion = Completion::none;
  static Rate parse(std::string_view text) { return parse_rate(text); }
  static std::string print(Rate value) { return toolkit::print(value); }
};

template <>
struct Value<FileMode> {
  static constexpr const char* kType = "mode";
  static constexpr const char* kMetavar = "MODE";
  static constexpr Completion kCompletion = Completion::none;
  static FileMode parse(std::string_view text) { return parse_file_mode(text); }
  static std::string print(FileMode value) { return toolkit::print(value); }
};

template <>
struct Value<SegmentName> {
  static constexpr const char* kType = "segment";
  static constexpr const char* kMetavar = "NAME";
  static constexpr Completion kCompletion = Completion::segment;
  static SegmentName parse(std::string_view text);
  static std::string print(const SegmentName& value) { return value.str(); }
};

template <>
struct Value<std::string> {
  static constexpr const char* kType = "text";
  static constexpr const char* kMetavar = "TEXT";
  static constexpr Completion kCompletion = Completion::none;
  static std::string parse(std::string_view text) { return std::string(text); }
  static std::string print(const std::string& value) { return value; }
};

template <>
struct Value<std::filesystem::path> {
  static constexpr const char* kType = "file";
  static constexpr const char* kMetavar = "FILE";
  static constexpr Completion kCompletion = Completion::file;
  static std::filesystem::path parse(std::string_view text);
  static std::string print(const std::filesystem::path& value) { return value.string(); }
};

/// An option that may be left out: no default is shown.
template <typename T>
struct Value<std::optional<T>> : Value<T> {
  static std::optional<T> parse(std::string_view text) { return Value<T>::parse(text); }
  static std::string print(const std::optional<T>& value) { return value ? Value<T>::print(*value) : ""; }
};

}  // namespace shmvideo::toolkit

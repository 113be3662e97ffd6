// SPDX-License-Identifier: Apache-2.0
#include "metrics/family.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace shmvideo::metrics {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

const char* word(Type type) {
  switch (type) {
    case Type::counter:
      return "counter";
    case Type::histogram:
      return "histogram";
    case Type::gauge:
      break;
  }
  return "gauge";
}

/// How many bytes the UTF-8 character at the start has; 0 if there is none.
std::size_t character_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t bytes = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return 0;
  for (std::size_t i = 1; i < bytes; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  // Longer than need be, half of a UTF-16 pair, or beyond what Unicode has.
  const unsigned char second = byte(1);
  const bool is_wrong = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                        (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return is_wrong ? 0 : bytes;
}

/// A label's value between its quotes. One that is not UTF-8 would cost the reader the whole answer.
std::string escaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t bytes = character_bytes(text);
    if (bytes == 0) {
      result += kReplacement;
    } else if (text[0] == '\n') {
      result += "\\n";
    } else {
      if (text[0] == '"' || text[0] == '\\') result += '\\';
      result += text.substr(0, bytes);
    }
    text.remove_prefix(bytes > 0 ? bytes : 1);
  }
  return result;
}

/// As short as it can be read back, whatever the locale says.
std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

}  // namespace

void Family::add_line(const char* suffix, const Labels& labels, const std::string& value) {
  samples_ += name_;
  samples_ += suffix;
  const char* before = "{";
  for (const auto& [label, text] : labels) {
    samples_ += before + label + "=\"" + escaped(text) + '"';
    before = ",";
  }
  if (!labels.empty()) samples_ += '}';
  samples_ += ' ' + value + '\n';
}

void Family::add(const Labels& labels, std::uint64_t value) { add_line("", labels, std::to_string(value)); }
void Family::add(const Labels& labels, double value) { add_line("", labels, number(value)); }

void Family::add(const Labels& labels, const Histogram& histogram) {
  Labels with_bound = labels;
  with_bound.emplace_back("le", "");
  std::uint64_t count = 0;
  const auto add_up = [&count](std::uint64_t more) {
    count = count > UINT64_MAX - more ? UINT64_MAX : count + more;
  };
  for (const Histogram::Bucket& bucket : histogram.buckets) {
    add_up(bucket.count);
    with_bound.back().second = number(bucket.up_to);
    add_line("_bucket", with_bound, std::to_string(count));
  }
  add_up(histogram.beyond);
  with_bound.back().second = "+Inf";
  add_line("_bucket", with_bound, std::to_string(count));
  add_line("_sum", labels, number(histogram.sum));
  add_line("_count", labels, std::to_string(count));
}

std::string Family::text() const {
  if (is_empty()) return {};
  return "# HELP " + name_ + ' ' + help_ + "\n# TYPE " + name_ + ' ' + word(type_) + '\n' + samples_;
}

std::string to_text(std::span<const Family> families) {
  std::string text;
  for (const Family& family : families) text += family.text();
  return text;
}

}  // namespace shmvideo::metrics

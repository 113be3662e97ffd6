// SPDX-License-Identifier: Apache-2.0
#include "sink/http/query.hpp"

#include <charconv>

namespace shmvideo::sink {
namespace {

std::optional<unsigned char> hex_byte(std::string_view two) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(two.data(), two.data() + two.size(), value, 16);
  if (two.size() != 2 || error != std::errc{} || end != two.data() + two.size()) return std::nullopt;
  return static_cast<unsigned char>(value);
}

std::optional<Target::Parameter> parse_parameter(std::string_view text) {
  const auto equals = text.find('=');
  auto name = decode_percent(text.substr(0, equals), true);
  auto value = decode_percent(equals == text.npos ? std::string_view{} : text.substr(equals + 1), true);
  if (!name || !value) return std::nullopt;
  return Target::Parameter{std::move(*name), std::move(*value)};
}

/// Proxies send the absolute form; what counts begins at the path.
std::string_view without_authority(std::string_view text) {
  if (!text.starts_with("http://") && !text.starts_with("https://")) return text;
  const auto path = text.find_first_of("/?", text.find("://") + 3);
  return path == text.npos ? "/" : text.substr(path);
}

}  // namespace

std::optional<std::string> decode_percent(std::string_view text, bool is_form) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = is_form && text[i] == '+' ? ' ' : text[i];
    if (text[i] == '%') {
      const auto byte = hex_byte(text.substr(i + 1, 2));
      if (!byte) return std::nullopt;
      c = static_cast<char>(*byte);
      i += 2;
    }
    // A control character has no business in a parameter, and would end up in messages and logs.
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
    decoded.push_back(c);
  }
  return decoded;
}

std::optional<Target> parse_target(std::string_view text) {
  if (text == "*") return Target{"*", {}};
  text = without_authority(text.substr(0, text.find('#')));
  const auto question = text.find('?');
  Target target;
  target.path = text.substr(0, question);
  if (target.path.empty() || target.path.front() != '/') return std::nullopt;
  std::string_view rest = question == text.npos ? std::string_view{} : text.substr(question + 1);
  while (!rest.empty()) {
    const auto ampersand = rest.find('&');
    const auto piece = rest.substr(0, ampersand);
    rest = ampersand == rest.npos ? std::string_view{} : rest.substr(ampersand + 1);
    if (piece.empty()) continue;
    auto parameter = parse_parameter(piece);
    if (!parameter) return std::nullopt;
    target.parameters.push_back(std::move(*parameter));
  }
  return target;
}

std::optional<int> parse_whole_number(std::string_view text, int low, int high) noexcept {
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (value < low || value > high) return std::nullopt;
  return value;
}

}  // namespace shmvideo::sink

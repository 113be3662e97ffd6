// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/endpoints/stream_parameters.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "sink/http/parameters.hpp"
#include "sink/mjpeg/endpoints/common.hpp"

namespace shmvideo::sink {
namespace {

template <typename Number>
Parameter whole_parameter(std::string_view name, const Limits& limits, std::optional<Number>& value) {
  return {name, [&value, limits](const std::string& text) -> std::string {
            const auto number = parse_whole_number(text, limits.low, limits.high);
            if (!number) {
              return "must be a whole number from " + std::to_string(limits.low) + " to " +
                     std::to_string(limits.high) + ", not '" + text + "'";
            }
            value = static_cast<Number>(*number);
            return {};
          }};
}

/// In all the words that pages use for it.
Parameter flag_parameter(std::string_view name, std::optional<bool>& value) {
  return {name, [&value](const std::string& text) -> std::string {
            const bool is_yes = text == "1" || text == "true" || text == "yes";
            if (!is_yes && text != "0" && text != "false" && text != "no") {
              return "must be 1 or 0, true or false, not '" + text + "'";
            }
            value = is_yes;
            return {};
          }};
}

/// Milliseconds where no unit says otherwise, as in other servers' max_delay.
Parameter delay_parameter(std::string_view name, std::chrono::nanoseconds& value) {
  return {name, [&value](const std::string& text) -> std::string {
            constexpr int kSecondsMax = 60;
            const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
            const std::string_view unit = std::string_view(text).substr(digits);
            const bool is_seconds = unit == "s";
            const auto number = parse_whole_number(std::string_view(text).substr(0, digits), 1,
                                                   is_seconds ? kSecondsMax : kSecondsMax * 1000);
            if (!number || !(unit.empty() || unit == "ms" || is_seconds)) {
              return "must be a time from 1 ms to 60 s, as 250, 250ms or 1s, not '" + text + "'";
            }
            value = is_seconds ? std::chrono::nanoseconds(std::chrono::seconds(*number))
                               : std::chrono::nanoseconds(std::chrono::milliseconds(*number));
            return {};
          }};
}

}  // namespace

std::string read_stream_request(const Target& target, const ServingDefaults& defaults,
                                StreamRequest& request) {
  constexpr Limits kPixels{1, 16384};  // as for single pictures
  StreamWishes& wishes = request.wishes;
  const std::array known{whole_parameter("quality", defaults.quality_limits, wishes.quality),
                         whole_parameter("fps", defaults.fps_limits, wishes.fps),
                         whole_parameter("width", kPixels, wishes.width),
                         whole_parameter("height", kPixels, wishes.height),
                         delay_parameter("max_delay", request.max_delay),
                         flag_parameter("adaptive", wishes.adaptive),
                         flag_parameter("extra_headers", request.extra_headers),
                         flag_parameter("advance_headers", request.advance_headers),
                         flag_parameter("dual_final_frames", request.dual_final_frames),
                         flag_parameter("zero_data", request.zero_data),
                         text_parameter("key", kKeyBytesMax, request.key)};
  return read_parameters(target, known);
}

}  // namespace shmvideo::sink

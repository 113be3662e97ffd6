// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/part_reader.hpp"

namespace shmvideo_test {

/// A JPEG as far as its ends tell, with line feeds, dashes and carriage returns inside.
inline std::string jpeg(const std::string& inside = "\r\n--\n\r\r\n--fram\n-") {
  return "\xff\xd8" + inside + "\xff\xd9";
}

/// Keeps what it is told.
class Listener final : public shmvideo::bench::http::PartSink {
 public:
  struct Heard {
    std::uint64_t bytes = 0;
    shmvideo::bench::http::Fault fault{};
    std::optional<std::uint64_t> number;
    std::optional<std::uint64_t> captured_ns;
    std::string picture;
    bool operator==(const Heard&) const = default;
  };

  void on_part(const shmvideo::bench::http::Part& part) override {
    parts.push_back({part.bytes, part.fault, part.head.number, part.head.captured_realtime_ns,
                     std::string(part.picture.begin(), part.picture.end())});
  }
  void on_wrong_length() override { ++wrong_lengths; }

  std::vector<Heard> parts;
  int wrong_lengths = 0;
};

/// "Content-Length: 4\r\n...": a part with its head, and the line end behind it.
inline std::string part(const std::string& picture, std::uint64_t number, bool has_length = true,
                        std::optional<std::size_t> length = {}) {
  std::string text = "Content-Type: image/jpeg\r\n";
  if (has_length) text += "content-length:  " + std::to_string(length.value_or(picture.size())) + "\r\n";
  text += "X-Timestamp: 1700000000.000" + std::to_string(100 + number) +
          "\r\nX-Frame-Number: " + std::to_string(number) + "\r\n\r\n";
  return text + picture + "\r\n";
}

}  // namespace shmvideo_test

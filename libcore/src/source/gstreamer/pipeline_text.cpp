// SPDX-License-Identifier: Apache-2.0
#include "source/gstreamer/pipeline_text.hpp"

#include <fmt/format.h>

#include "source/is_number.hpp"

namespace shmvideo::source {
namespace {

/// A value that may have blanks and other signs in it.
std::string quoted(const std::string& plain) {
  std::string text = "\"";
  for (const char c : plain) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}

std::string camera(const ModuleOptions& options, const std::string& path) {
  std::string asked;
  if (options.wish.width > 0) {
    asked += fmt::format(",width={},height={}", options.wish.width, options.wish.height);
  }
  if (options.rate.numerator > 0) {
    asked += fmt::format(",framerate={}/{}", options.rate.numerator, options.rate.denominator);
  }
  return fmt::format("v4l2src device={} ! capsfilter caps={} ! decodebin", quoted(path),
                     quoted(fmt::format("video/x-raw{0};image/jpeg{0}", asked)));
}

}  // namespace

bool is_url(const std::string& location) noexcept {
  return location.find("://") != location.npos && location.find('!') == location.npos;
}

std::string pipeline_text(const ModuleOptions& options, const std::string& file_uri) {
  const std::string& location = options.location;
  std::string text = location;
  std::string rate;
  if (is_number(location) || location.starts_with("/dev/")) {
    text = camera(options, is_number(location) ? "/dev/video" + location : location);
  } else {
    if (is_url(location)) {
      text = "uridecodebin uri=" + quoted(location);
    } else if (!file_uri.empty()) {
      text = "uridecodebin uri=" + quoted(file_uri);
    } else if (location.find("appsink") != location.npos) {
      return location;
    }
    if (options.rate.numerator > 0) {
      rate = fmt::format(" ! videorate ! video/x-raw,framerate={}/{}", options.rate.numerator,
                         options.rate.denominator);
    }
  }
  return text + " ! videoconvert" + rate + " ! appsink";
}

}  // namespace shmvideo::source

// SPDX-License-Identifier: Apache-2.0
#include "sink/http/conditional.hpp"

#include <algorithm>

namespace shmvideo::sink {
namespace {

constexpr std::string_view kBetweenTags = " \t,";
constexpr std::string_view kWeak = "W/";

std::string_view opaque_part(std::string_view etag) noexcept {
  return etag.starts_with(kWeak) ? etag.substr(kWeak.size()) : etag;
}

}  // namespace

bool has_matching_etag(std::string_view if_none_match, std::string_view etag) noexcept {
  etag = opaque_part(etag);
  std::string_view rest = if_none_match;
  const auto skip_to_tag = [&rest] {
    rest.remove_prefix(std::min(rest.find_first_not_of(kBetweenTags), rest.size()));
  };
  skip_to_tag();
  if (rest.starts_with('*')) return true;
  while (!rest.empty()) {
    rest = opaque_part(rest);
    // A comma may be part of a tag: what ends it is its quote.
    const auto end = rest.starts_with('"') ? rest.find('"', 1) : rest.npos;
    if (end == rest.npos) return false;
    if (rest.substr(0, end + 1) == etag) return true;
    rest.remove_prefix(end + 1);
    skip_to_tag();
  }
  return false;
}

}  // namespace shmvideo::sink

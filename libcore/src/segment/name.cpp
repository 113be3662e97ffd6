// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/name.hpp"

#include <algorithm>

#include "segment/companions.hpp"
#include "shmvideo/error.hpp"
#include "shmvideo/layout.h"

namespace shmvideo {
namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
bool is_name_character(char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; }

/// Why `text` is not a name, or nullptr if it is one.
const char* complaint(std::string_view text) noexcept {
  if (text.empty()) return "it is empty";
  if (text.size() > SHMV_NAME_MAX) return "it is longer than 100 characters";
  if (!is_alphanumeric(text.front())) return "it must begin with a letter or a digit";
  if (!std::all_of(text.begin(), text.end(), is_name_character))
    return "it may have letters, digits, '.', '_' and '-' only";
  if (text.ends_with(kLockSuffix) || text.ends_with(kReadersSuffix))
    return "names that end in '.lock' or '.readers' are reserved";
  return nullptr;
}

/// A name that was refused may hold anything; it is shown cut and printable.
std::string printable(std::string_view text) {
  std::string shown;
  for (char c : text.substr(0, 40)) shown += c >= ' ' && c <= '~' ? c : '?';
  return text.size() > 40 ? shown + "..." : shown;
}

}  // namespace

SegmentName::SegmentName(std::string_view text) : text_(text) {
  if (const char* why = complaint(text))
    throw Error(ErrorCode::invalid_name, "'" + printable(text) + "' is not a segment name: " + why);
}

bool SegmentName::is_valid(std::string_view text) noexcept { return complaint(text) == nullptr; }

}  // namespace shmvideo

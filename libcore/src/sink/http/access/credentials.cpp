// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/credentials.hpp"

#include <algorithm>
#include <utility>

#include "sink/http/access/digest.hpp"

namespace shmvideo::sink {
namespace {

/// Whether `text` begins with that word (lower case), in whatever case, and a blank.
bool takes_scheme(std::string_view& text, std::string_view word) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (text.size() <= word.size() || text[word.size()] != ' ') return false;
  if (!std::ranges::equal(text.substr(0, word.size()), word, {}, lower)) return false;
  text.remove_prefix(word.size());
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return true;
}

bool is_sound(std::string_view text) {
  // What follows a zero byte would not be looked at by crypt(3).
  return text.size() <= kSecretBytesMax && text.find('\0') == text.npos;
}

}  // namespace

Credentials parse_authorization(std::string_view value) {
  while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
  if (value.empty()) return {};
  Credentials given{.kind = Credentials::Kind::malformed, .user = {}, .secret = {}};
  if (takes_scheme(value, "bearer")) {
    if (value.empty() || !is_sound(value)) return given;
    given.kind = Credentials::Kind::bearer;
    given.secret = value;
  } else if (takes_scheme(value, "basic")) {
    auto pair = decode_base64(value);
    if (!pair) return given;
    const auto colon = pair->find(':');
    if (colon != pair->npos && is_sound(std::string_view(*pair).substr(0, colon)) &&
        is_sound(std::string_view(*pair).substr(colon + 1))) {
      given.kind = Credentials::Kind::basic;
      given.user = pair->substr(0, colon);
      given.secret = pair->substr(colon + 1);
    }
    wipe(*pair);
  }
  return given;
}

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/access_rules.hpp"

#include <crypt.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>

#include "shmvideo/error.hpp"
#include "shmvideo/name.hpp"
#include "sink/http/access/credentials.hpp"

namespace shmvideo::sink {
namespace {

constexpr std::size_t kTokenBytesMin = 16;
constexpr std::string_view kDigestPrefix = "sha256:";
constexpr std::string_view kBlanks = " \t\r";

/// The next word of a line, taken off it.
std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  const auto word = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(word.size());
  return word;
}

/// What is wrong with a line. Never with what may be a secret in it.
struct Mistake {
  std::string sentence;
};

Access parse_role(std::string_view word) {
  Access access;
  if (word == "admin") {
    access.role = Role::admin;
    return access;
  }
  access.role = Role::viewer;
  if (word == "viewer") return access;
  constexpr std::string_view kOfOne = "viewer:";
  if (!word.starts_with(kOfOne))
    throw Mistake{"the second word is neither admin, viewer nor viewer:SEGMENT; see shm-video-auth(5)"};
  access.segment = word.substr(kOfOne.size());
  try {
    const SegmentName name(access.segment);
  } catch (const Error& error) {
    throw Mistake{error.what()};
  }
  return access;
}

Digest parse_token(std::string_view word) {
  constexpr const char* kAdvice = "; make one with: openssl rand -hex 32";
  if (word.empty()) throw Mistake{std::string("the token is missing") + kAdvice};
  if (word.starts_with(kDigestPrefix)) {
    if (const auto digest = parse_digest(word.substr(kDigestPrefix.size()))) return *digest;
    throw Mistake{"after sha256: there must be 64 hexadecimal digits; see shm-video-auth(5)"};
  }
  if (word.size() < kTokenBytesMin)
    throw Mistake{"the token is shorter than 16 characters, so it could be guessed" + std::string(kAdvice)};
  if (word.size() > kSecretBytesMax) throw Mistake{"the token is longer than 511 characters"};
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~+/=").find(c) != std::string_view::npos;
  };
  if (!std::ranges::all_of(word, is_plain))
    throw Mistake{"a token consists of letters, digits and -._~+/= only" + std::string(kAdvice)};
  return digest_of(word);
}

std::string parse_hash(std::string_view word) {
  constexpr const char* kAdvice = "; make one with: mkpasswd -m yescrypt";
  if (word.empty()) throw Mistake{std::string("the hash of the password is missing") + kAdvice};
  // A password that somebody wrote there as it is must not pass for a hash of the oldest method.
  const std::string hash(word);
  const int verdict = ::crypt_checksalt(hash.c_str());
  const bool is_hash = hash.starts_with('$') && std::ranges::count(hash, '$') >= 3;
  if (is_hash && (verdict == CRYPT_SALT_METHOD_LEGACY || verdict == CRYPT_SALT_TOO_CHEAP))
    throw Mistake{std::string("the password is hashed by a method that is no protection any more") + kAdvice};
  if (!is_hash || verdict != CRYPT_SALT_OK)
    throw Mistake{std::string("the last word is no hash of a password that crypt(5) knows") + kAdvice};
  return hash;
}

std::string parse_user_name(std::string_view word) {
  if (word.empty()) throw Mistake{"the user's name is missing"};
  if (word.find(':') != word.npos) throw Mistake{"a user's name has no colon"};
  if (word.size() > kSecretBytesMax) throw Mistake{"the user's name is longer than 511 characters"};
  return std::string(word);
}

/// Another password is another right.
Digest right_of(const Digest& name, const std::string& hash) {
  return digest_of(std::string(reinterpret_cast<const char*>(name.data()), name.size()) + hash);
}

}  // namespace

AccessRules AccessRules::parse(std::string_view text, const std::string& file) {
  AccessRules rules;
  std::map<Digest, unsigned> lines;  // by what must not be there twice
  unsigned number = 0;
  const auto read_line = [&](std::string_view line) {
    const std::string_view kind = take_word(line);
    if (kind.empty() || kind.starts_with('#')) return;
    if (kind != "token" && kind != "user")
      throw Mistake{"a line begins with token, user or #; see shm-video-auth(5)"};
    Access access = parse_role(take_word(line));
    Digest key;
    if (kind == "token") {
      key = access.right = parse_token(take_word(line));
      rules.tokens_.push_back({key, access});
    } else {
      key = digest_of(parse_user_name(take_word(line)));
      std::string hash = parse_hash(take_word(line));
      access.right = right_of(key, hash);
      rules.users_.push_back({key, std::move(hash), access});
    }
    if (!take_word(line).empty()) throw Mistake{"there is a word too many; see shm-video-auth(5)"};
    if (const auto [known, is_new] = lines.emplace(key, number); !is_new)
      throw Mistake{"this " + std::string(kind) + " stands in line " + std::to_string(known->second) +
                    " already"};
  };
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    ++number;
    try {
      read_line(line);
    } catch (const Mistake& mistake) {
      throw Error(ErrorCode::invalid_argument, file + ":" + std::to_string(number) + ": " + mistake.sentence);
    }
  }
  if (rules.size() == 0) {
    throw Error(ErrorCode::invalid_argument,
                file + ": nobody could come in: there is no token and no user; see shm-video-auth(5)");
  }
  if (!rules.users_.empty()) rules.nobody_.hash = rules.users_.front().hash;
  return rules;
}

std::optional<Access> AccessRules::find_token(const Digest& token) const noexcept {
  // Every one is compared, to its end, and what was found is chosen without a branch.
  std::size_t found = tokens_.size();
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const std::size_t mask = std::size_t{0} - static_cast<std::size_t>(is_same(tokens_[i].digest, token));
    found = (found & ~mask) | (i & mask);
  }
  if (found == tokens_.size()) return std::nullopt;
  return tokens_[found].access;
}

const AccessRules::User* AccessRules::find_user(const Digest& name) const noexcept {
  if (users_.empty()) return nullptr;
  const User* found = &nobody_;
  for (const User& each : users_) found = is_same(each.name, name) ? &each : found;
  return found;
}

std::optional<Access> AccessRules::find_right(const Digest& right) const noexcept {
  for (const Token& each : tokens_)
    if (is_same(each.access.right, right)) return each.access;
  for (const User& each : users_)
    if (is_same(each.access.right, right)) return each.access;
  return std::nullopt;
}

}  // namespace shmvideo::sink

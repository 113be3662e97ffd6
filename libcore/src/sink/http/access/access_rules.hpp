// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sink/http/access/access.hpp"

namespace shmvideo::sink {

/// Who may see what, by which secret. Holds no token: only digests of them, and hashes of passwords.
/// Constant once it is made: thread-safe.
class AccessRules {
 public:
  /// From lines such as "token viewer:NAME SECRET" and "user admin NAME HASH"; shm-video-auth(5) has them.
  /// Throws Error(invalid_argument) about the first line that is none, with `file` and its number, and
  /// without any secret.
  static AccessRules parse(std::string_view text, const std::string& file);

  /// What the token with this digest (SHA-256) is good for. Takes the same time whatever it has in common
  /// with those that there are, and whichever of them it is.
  std::optional<Access> find_token(const Digest& token) const noexcept;

  struct User {
    Digest name;       ///< SHA-256
    std::string hash;  ///< as crypt(3) makes it
    Access access;
  };
  /// The same for a user's name. One that nobody has leads to a user of no role, whose hash takes as long to
  /// check as others'; null only where there are no users at all.
  const User* find_user(const Digest& name) const noexcept;

  /// What one who had that right may see now; none where it is gone.
  std::optional<Access> find_right(const Digest& right) const noexcept;

  std::size_t size() const noexcept { return tokens_.size() + users_.size(); }

 private:
  struct Token {
    Digest digest;
    Access access;
  };
  std::vector<Token> tokens_;
  std::vector<User> users_;
  User nobody_;
};

/// What stands in a file of rules, and what should be said about the file.
struct AccessFile {
  AccessRules rules;
  std::string remark;  ///< a sentence; empty: none
};

/// Throws Error(invalid_argument): as parse() does; and where the file cannot be read, is no regular file, or
/// may be written by everybody. That everybody may read it is the remark.
AccessFile read_access_file(const std::string& path);

}  // namespace shmvideo::sink

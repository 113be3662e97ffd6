// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace shmvideo::sink {

/// What somebody says to be let in.
struct Credentials {
  enum class Kind {
    none,       ///< nothing
    malformed,  ///< something that cannot be right
    bearer,     ///< a token
    basic,      ///< a user's name and a password, or anything and a token
  };
  Kind kind = Kind::none;
  std::string user;
  std::string secret;
};

/// Longer ones are nobody's: crypt(3) takes no more.
constexpr std::size_t kSecretBytesMax = 511;

/// Takes an Authorization header's value apart (RFC 7617 and RFC 6750). Never throws but for memory.
Credentials parse_authorization(std::string_view value);

}  // namespace shmvideo::sink

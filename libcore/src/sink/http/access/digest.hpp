// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace shmvideo::sink {

/// 256 bits that stand for a secret. All functions here are thread-safe.
using Digest = std::array<unsigned char, 32>;

/// SHA-256.
Digest digest_of(std::string_view text);
/// Takes the same time whatever the two have in common.
bool is_same(const Digest& one, const Digest& other) noexcept;
/// 64 hexadecimal digits.
std::optional<Digest> parse_digest(std::string_view hex);
/// As RFC 4648 has it, with its padding.
std::optional<std::string> decode_base64(std::string_view text);
/// Overwrites it, also where a compiler would see no use in it, and empties it.
void wipe(std::string& secret) noexcept;

/// Digests that mean nothing to those who do not have the key, which is made up for this process.
class KeyedDigest {
 public:
  /// Throws Error(system) where no random bytes can be had.
  KeyedDigest();
  Digest of(std::string_view text) const;

 private:
  std::array<unsigned char, 32> key_;
};

/// For tables of digests.
struct DigestHash {
  std::size_t operator()(const Digest& digest) const noexcept {
    std::size_t part = 0;
    std::memcpy(&part, digest.data(), sizeof part);
    return part;
  }
};

}  // namespace shmvideo::sink

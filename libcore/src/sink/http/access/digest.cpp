// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>

#include "shmvideo/error.hpp"

namespace shmvideo::sink {
namespace {

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::optional<unsigned> hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

Digest digest_of(std::string_view text) {
  Digest digest;
  SHA256(bytes_of(text), text.size(), digest.data());
  return digest;
}

bool is_same(const Digest& one, const Digest& other) noexcept {
  return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::optional<Digest> parse_digest(std::string_view hex) {
  Digest digest;
  if (hex.size() != 2 * digest.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const auto high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    digest[i] = static_cast<unsigned char>(*high << 4 | *low);
  }
  return digest;
}

std::optional<std::string> decode_base64(std::string_view text) {
  // OpenSSL passes over blanks and counts the padding as bytes.
  const auto is_of_it = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  };
  std::string_view digits = text;
  while (digits.ends_with('=')) digits.remove_suffix(1);
  const std::size_t padding = text.size() - digits.size();
  if (text.size() % 4 != 0 || padding > 2 || !std::ranges::all_of(digits, is_of_it)) return std::nullopt;
  std::string decoded(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()), bytes_of(text),
                                     static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  decoded.resize(decoded.size() - padding);
  return decoded;
}

void wipe(std::string& secret) noexcept {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

KeyedDigest::KeyedDigest() {
  if (RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1)
    throw Error(ErrorCode::system, "the system has no random bytes to give");
}

Digest KeyedDigest::of(std::string_view text) const {
  Digest digest{};
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), bytes_of(text), text.size(), digest.data(),
       nullptr);
  return digest;
}

}  // namespace shmvideo::sink

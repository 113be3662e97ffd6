// SPDX-License-Identifier: Apache-2.0
#include "ledger/stamp.hpp"

#include <cstring>

namespace shmvideo::bench {
namespace {

constexpr std::uint64_t kStep = 0xbf58476d1ce4e5b9U;  // odd: no two words of a frame are alike
constexpr std::size_t kWordBytes = sizeof(std::uint64_t);
constexpr std::size_t kLineWords = 64 / kWordBytes;

std::uint64_t word_at(const std::byte* bytes, std::size_t index) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes + index * kWordBytes, kWordBytes);
  return word;
}

}  // namespace

std::uint64_t stamp_seed(std::uint64_t number, std::uint64_t epoch) noexcept {
  std::uint64_t seed = number * 0x9e3779b97f4a7c15U + epoch;
  seed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9U;
  return seed ^ seed >> 27;
}

void fill_stamps(std::span<std::byte> bytes, std::uint64_t seed) noexcept {
  const std::size_t words = bytes.size() / kWordBytes;
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t word = seed + i * kStep;
    std::memcpy(bytes.data() + i * kWordBytes, &word, kWordBytes);
  }
  // The rest of a size that is no multiple of a word.
  for (std::size_t i = words * kWordBytes; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::byte>(seed >> 8 * (i % kWordBytes));
  }
}

bool has_stamps(std::span<const std::byte> bytes, std::uint64_t seed) noexcept {
  const std::size_t words = bytes.size() / kWordBytes;
  std::byte wrong_rest{};
  for (std::size_t i = words * kWordBytes; i < bytes.size(); ++i) {
    wrong_rest |= bytes[i] ^ static_cast<std::byte>(seed >> 8 * (i % kWordBytes));
  }
  if (wrong_rest != std::byte{} || words == 0) return wrong_rest == std::byte{};
  // No early end: a frame that is torn is the exception, and without branches a line costs what fetching
  // it costs. Four at a time, so that four lines are on their way at once.
  std::uint64_t wrong[4] = {};
  std::size_t i = 0;
  for (; i + 4 * kLineWords <= words; i += 4 * kLineWords) {
    for (std::size_t lane = 0; lane < 4; ++lane) {
      const std::size_t at = i + lane * kLineWords;
      wrong[lane] |= word_at(bytes.data(), at) ^ (seed + at * kStep);
    }
  }
  for (; i < words; i += kLineWords) wrong[0] |= word_at(bytes.data(), i) ^ (seed + i * kStep);
  wrong[1] |= word_at(bytes.data(), words - 1) ^ (seed + (words - 1) * kStep);
  return (wrong[0] | wrong[1] | wrong[2] | wrong[3]) == 0;
}

}  // namespace shmvideo::bench

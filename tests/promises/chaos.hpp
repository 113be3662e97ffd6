// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <iostream>
#include <random>

namespace shmvideo_test {

/// Chance that can be repeated: the seed is printed, and taken from SHMVIDEO_STRESS_SEED where set.
/// (What the scheduler does of it is another matter.)
class Chaos {
 public:
  Chaos() : seed_(chosen_seed()), engine_(seed_) { std::cout << "seed " << seed_ << '\n'; }
  std::uint64_t below(std::uint64_t end) {
    return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(engine_);
  }

 private:
  static std::uint64_t chosen_seed() {
    const char* chosen = std::getenv("SHMVIDEO_STRESS_SEED");
    return chosen ? std::strtoull(chosen, nullptr, 10) : std::random_device{}();
  }
  std::uint64_t seed_;
  std::mt19937_64 engine_;
};

/// How long a storm lasts.
inline double stress_seconds(double otherwise) {
  const char* chosen = std::getenv("SHMVIDEO_STRESS_SECONDS");
  return chosen ? std::strtod(chosen, nullptr) : otherwise;
}

}  // namespace shmvideo_test

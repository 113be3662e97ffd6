// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace shmvideo::sink {

/// The address in "address:port" or of an address alone, as far as guesses are counted together: an IPv4
/// address, or the network of an IPv6 one (64 bits, all of which one machine may have). Those who come by a
/// unix socket are one.
std::string guesser_of(std::string_view peer);

/// How often somebody may still guess: ten times, and once more for each six seconds. Bounded in memory: the
/// one who guessed least is forgotten where there are too many. Not thread-safe.
class Attempts {
 public:
  static constexpr double kBurst = 10;
  static constexpr std::uint64_t kPauseNs = 6'000'000'000;
  static constexpr std::size_t kGuessersMax = 4096;

  /// Takes one, if there is one left.
  bool take(const std::string& guesser, std::uint64_t now_ns);
  /// Gives one back: it was no guess.
  void give_back(const std::string& guesser, std::uint64_t now_ns);
  bool is_left(const std::string& guesser, std::uint64_t now_ns) const;
  /// Until there is one again.
  std::chrono::seconds pause(const std::string& guesser, std::uint64_t now_ns) const;
  std::size_t size() const noexcept { return taken_.size(); }

 private:
  struct Taken {
    double count = 0;
    std::uint64_t at_ns = 0;  // when that was so
  };
  static double now_taken(const Taken& taken, std::uint64_t now_ns) noexcept;
  double count_of(const std::string& guesser, std::uint64_t now_ns) const;
  void make_room(std::uint64_t now_ns);
  std::map<std::string, Taken, std::less<>> taken_;
};

}  // namespace shmvideo::sink

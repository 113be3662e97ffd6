// SPDX-License-Identifier: Apache-2.0
// How tools tell how far they have come: the same words in the same order in all of them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace shmvideo::toolkit {

struct Tally {
  std::uint64_t count = 0;
  std::string what;
};

/// A plain value; what is not set is not told.
struct ProgressReport {
  std::string verb{};  ///< "published"; what was done, done times
  std::uint64_t done = 0;
  std::optional<std::uint64_t> wanted{};
  std::optional<double> rate{};  ///< of that, a second; unset: Progress finds out
  std::string rate_note{};       ///< "least 29.8"
  std::chrono::nanoseconds elapsed{0};
  std::optional<std::chrono::nanoseconds> duration{};
  std::vector<std::string> details{};  ///< "5.93 MiB"; what there is no room for is left out first
  std::string loss_verb{};             ///< "dropped"
  std::vector<Tally> losses{};         ///< by cause; those of none are not told
  std::vector<Tally> incidents{};      ///< told after the losses: "reopened 2"; those of none are not

  /// Nothing happens, because of this: "'x'". The rest but for the times is without meaning then.
  std::string waiting_for{};
  std::string reason{};  ///< why that is not there
};

/// What is told while something is not there yet.
inline ProgressReport waiting_for(std::string what, std::chrono::nanoseconds elapsed,
                                  std::optional<std::chrono::nanoseconds> timeout = {}) {
  return {.elapsed = elapsed, .duration = timeout, .waiting_for = std::move(what)};
}

/// "published 150 of 300 (30.0/s), 5.0 s of 10.0 s, 5 s left, dropped 3 (late 2, corrupt 1)", or
/// "waiting for 'x', 3 s of 5 s". In not more than `columns` characters as long as what matters most, which
/// is how much there is and what was lost, has room.
std::string describe(const ProgressReport& report,
                     std::size_t columns = std::numeric_limits<std::size_t>::max());

/// "missed 3 (late 2, corrupt 1)"
std::string describe_losses(const std::string& verb, const std::vector<Tally>& losses,
                            bool with_causes = true);

}  // namespace shmvideo::toolkit

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "ledger.hpp"
#include "options.hpp"
#include "roles.hpp"

namespace soak {

/// One process of the soak, and those that come after it in its place.
struct Member {
  std::string role;
  std::uint32_t which = 0;
  pid_t pid = 0;                    ///< 0: none
  bool is_stopped = false;          ///< SIGSTOP
  double resume_at = 0;             ///< seconds
  bool is_expected_to_end = false;  ///< killed or told to
};

struct Blows {
  std::uint64_t kills = 0;
  std::uint64_t stops = 0;
  std::uint64_t writer_kills = 0;
  std::uint64_t writer_ends = 0;
};

/// All processes of a soak: children of this one, which end with it. Signals go to children that are not
/// reaped yet only. One thread; the destructor kills whoever is left.
class Crew {
 public:
  Crew(const Options& options, const std::string (&names)[2], int ledger_fd, Ledger& ledger,
       std::uint64_t seed);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Starts whom there is to be, reaps those who ended, and notes who ended that should not have.
  void tend();
  /// Kills, stops or ends somebody.
  void strike();
  /// Everybody who is stopped goes on, and nobody new comes.
  void calm_down();
  void set_visiting(bool is_visiting) { is_visiting_ = is_visiting; }
  bool has_visitors() const;
  void end_all();

  const Member& resident_writer() const { return members_[0]; }
  const Member& member(std::size_t index) const { return members_[index]; }
  const Blows& blows() const { return blows_; }
  std::uint64_t processes() const { return processes_; }
  /// Sentences; a soak with any has failed.
  const std::vector<std::string>& incidents() const { return incidents_; }

  /// Those that live from the beginning to the end, and are measured; then the writer that does not, then
  /// visitors.
  static constexpr std::size_t kResidents = 4;
  static constexpr std::size_t kRestartedWriter = kResidents;

 private:
  void start(Member& member);
  void ended(Member& member, int status);
  void resume(Member& member);

  const Options& options_;
  const std::string (&names_)[2];
  int ledger_fd_;
  Ledger& ledger_;
  Chance chance_;
  std::vector<Member> members_;
  std::vector<std::string> incidents_;
  Blows blows_;
  std::uint64_t processes_ = 0;
  bool is_visiting_ = false;
  bool is_ending_ = false;
};

double seconds_now();

}  // namespace soak

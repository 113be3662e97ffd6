// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "crew/agenda.hpp"
#include "crew/chaos.hpp"
#include "crew/member.hpp"
#include "ledger/ledger.hpp"

namespace shmvideo::bench {

/// The processes of one run: starts them, notices when they end and why, starts those anew that are meant
/// to come back, and ends them all. No more than its own children are ever signalled. One thread; the
/// destructor ends whoever is left.
class Crew {
 public:
  /// Borrows both. Blocks SIGCHLD for this process, which fd() delivers instead.
  Crew(const Ledger& ledger, Agenda& agenda, bool has_writer);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void start_writer();
  void start_clients();
  /// Readable when a child has changed; reap() then.
  int fd() const noexcept { return child_signals_; }
  void reap();

  void apply(const Blow& blow);
  /// Everybody who is stopped goes on.
  void resume_all() noexcept;
  void begin_window() noexcept;
  void end_window() noexcept;
  void sample();
  /// Writes down clients that should have frames and have had none for `patience_ns`.
  void look_for_lost_clients(std::uint64_t patience_ns);
  /// Tells everybody to end, clients first, and waits; nobody is started any more.
  void end_all();

  bool is_writer_ready() const noexcept;
  bool all_are_attached() const noexcept;
  /// No client runs that could get any frame, or the writer is gone for good.
  bool is_hopeless() const noexcept;
  bool was_writer_killed() const noexcept { return was_writer_killed_; }

  const Member& client(std::uint32_t index) const { return clients_[index]; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(clients_.size()); }
  const Member& writer() const noexcept { return writer_; }
  /// It ended although nobody wanted it to, or never got its frames.
  bool is_given_up(std::uint32_t index) const { return is_given_up_[index]; }
  const std::vector<std::string>& incidents() const noexcept { return incidents_; }
  void incident(std::string sentence) { incidents_.push_back(std::move(sentence)); }
  std::uint64_t pauses() const noexcept { return pauses_; }
  std::uint64_t kills() const noexcept { return kills_; }
  std::uint64_t writer_restarts() const noexcept { return writer_restarts_; }

 private:
  void start_client(std::uint32_t index);
  void client_ended(std::uint32_t index, int status);
  void writer_ended(int status);
  void restart_writer(const Blow& blow);
  bool wait_until_gone(const std::function<bool()>& is_gone, std::uint64_t patience_ns);

  const Ledger& ledger_;
  Agenda& agenda_;
  const bool has_writer_;
  std::vector<Member> clients_;
  Member writer_{Role::writer, 0};
  std::vector<bool> is_given_up_;
  std::vector<std::string> incidents_;
  int child_signals_ = -1;
  bool is_ending_ = false;
  bool is_writer_lost_ = false;
  bool was_writer_killed_ = false;
  std::uint64_t writer_gap_ns_ = 0;
  std::uint64_t pauses_ = 0;
  std::uint64_t kills_ = 0;
  std::uint64_t writer_restarts_ = 0;
};

}  // namespace shmvideo::bench

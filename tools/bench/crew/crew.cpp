// SPDX-License-Identifier: Apache-2.0
#include "crew/crew.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "ledger/clock.hpp"
#include "shmvideo/error.hpp"
#include "verdict/result.hpp"

namespace shmvideo::bench {
namespace {

/// What processes get to end in good order once they are told to; on a busy machine that takes a while.
constexpr std::uint64_t kEndPatience = 10 * kSecond;
constexpr int kWaitSliceMs = 20;

/// How a process ended, for people.
std::string ending_text(int status) {
  if (WIFSIGNALED(status))
    return fmt::format("by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  return fmt::format("with status {}", WEXITSTATUS(status));
}

int child_signals() {
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &children, nullptr);
  const int descriptor = ::signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor < 0) throw Error(ErrorCode::system, "cannot watch for processes that end", errno);
  return descriptor;
}

}  // namespace

Crew::Crew(const Ledger& ledger, Agenda& agenda, bool has_writer)
    : ledger_(ledger), agenda_(agenda), has_writer_(has_writer), child_signals_(child_signals()) {
  const std::uint32_t count = ledger.settings().clients;
  for (std::uint32_t i = 0; i < count; ++i) clients_.emplace_back(Role::reader, i);
  is_given_up_.resize(count);
}

Crew::~Crew() {
  try {
    end_all();
  } catch (...) {
    // They end by themselves when this process does.
  }
  ::close(child_signals_);
}

void Crew::start_writer() {
  ledger_.writer().is_ready.set(0);
  was_writer_killed_ = false;
  writer_.start(ledger_.descriptor());
}

void Crew::start_clients() {
  for (std::uint32_t i = 0; i < size(); ++i) start_client(i);
}

void Crew::start_client(std::uint32_t index) {
  ledger_.client(index).is_settled.set(0);  // its predecessor may have been killed in the midst of it
  clients_[index].start(ledger_.descriptor());
}

void Crew::reap() {
  signalfd_siginfo news{};
  while (::read(child_signals_, &news, sizeof news) > 0) continue;  // one may stand for many
  for (;;) {
    int status = 0;
    rusage usage{};
    const pid_t pid = ::wait4(-1, &status, WNOHANG, &usage);
    if (pid <= 0) return;
    if (pid == writer_.pid()) {
      writer_.reaped(usage);
      writer_ended(status);
      continue;
    }
    const auto found = std::ranges::find(clients_, pid, &Member::pid);
    if (found == clients_.end()) continue;
    found->reaped(usage);
    client_ended(static_cast<std::uint32_t>(found - clients_.begin()), status);
  }
}

void Crew::client_ended(std::uint32_t index, int status) {
  if (is_ending_) return;
  const ClientPage& page = ledger_.client(index);
  const bool is_due = clients_[index].is_told_to_end() || page.is_leaving.get();
  if (!is_due) {
    is_given_up_[index] = true;
    const std::string why = page.complaint.get();
    incident(fmt::format("client {} ended by itself, {}{}{}", index, ending_text(status),
                         why.empty() ? "" : ": ", why));
    return;
  }
  agenda_.at(monotonic_ns(), [this, index] {
    if (!is_ending_) start_client(index);
  });
}

void Crew::writer_ended(int status) {
  if (is_ending_) return;
  if (!writer_.is_told_to_end()) {
    is_writer_lost_ = true;
    was_writer_killed_ = WIFSIGNALED(status);
    const std::string why = ledger_.writer().complaint.get();
    incident(
        fmt::format("the writer ended by itself, {}{}{}", ending_text(status), why.empty() ? "" : ": ", why));
    return;
  }
  ++writer_restarts_;
  agenda_.at(monotonic_ns() + writer_gap_ns_, [this] {
    if (!is_ending_) start_writer();
  });
}

void Crew::apply(const Blow& blow) {
  Member& client = clients_[blow.client];
  switch (blow.kind) {
    case Blow::Kind::pause_client: {
      if (client.pid() == 0 || client.is_paused() || client.is_told_to_end()) return;
      client.send(SIGSTOP);
      ++pauses_;
      agenda_.at(monotonic_ns() + blow.duration_ns, [&client, pid = client.pid()] {
        if (client.pid() == pid && client.is_paused()) client.send(SIGCONT);
      });
      return;
    }
    case Blow::Kind::kill_client:
      if (client.pid() == 0 || client.is_told_to_end()) return;
      client.send(SIGKILL);
      ++kills_;
      return;
    case Blow::Kind::kill_writer:
    case Blow::Kind::end_writer:
      return restart_writer(blow);
  }
}

void Crew::restart_writer(const Blow& blow) {
  // One that is only just there is left alone, so that its readers get to see it.
  if (!has_writer_ || writer_.pid() == 0 || writer_.is_told_to_end() || !is_writer_ready() ||
      monotonic_ns() < writer_.since_ns() + kSecond) {
    return;
  }
  writer_gap_ns_ = blow.duration_ns;
  was_writer_killed_ = blow.kind == Blow::Kind::kill_writer;
  writer_.send(was_writer_killed_ ? SIGKILL : SIGTERM);
}

void Crew::resume_all() noexcept {
  for (Member& client : clients_) {
    if (client.is_paused()) client.send(SIGCONT);
  }
}

void Crew::begin_window() noexcept {
  for (Member& client : clients_) client.begin_window();
  writer_.begin_window();
}

void Crew::end_window() noexcept {
  for (Member& client : clients_) client.end_window();
  writer_.end_window();
}

void Crew::sample() {
  for (std::uint32_t i = 0; i < size(); ++i) {
    const ClientPage& page = ledger_.client(i);
    // Who has just detached has less of everything; one's own coming back is no growth.
    const std::uint64_t lives = page.lives.get();
    clients_[i].sample([&page, lives] { return page.is_settled.get() != 0 && page.lives.get() == lives; });
  }
  writer_.sample([this] { return is_writer_ready(); });
}

void Crew::look_for_lost_clients(std::uint64_t patience_ns) {
  const std::uint64_t now = monotonic_ns();
  if (has_writer_ && !is_writer_ready()) {
    if (writer_.pid() == 0 || now < writer_.since_ns() + patience_ns || is_writer_lost_) return;
    is_writer_lost_ = true;
    incident(fmt::format("the writer had no segment {} s after it was started", patience_ns / kSecond));
    return;
  }
  std::vector<std::uint32_t> lost;
  for (std::uint32_t i = 0; i < size(); ++i) {
    const Member& client = clients_[i];
    if (client.pid() == 0 || client.is_paused() || is_given_up_[i]) continue;
    const std::uint64_t good =
        std::max({ledger_.client(i).last_frame_ns.get(), client.since_ns(), writer_.since_ns()});
    if (now < good + patience_ns) continue;
    is_given_up_[i] = true;
    lost.push_back(i);
  }
  if (!lost.empty()) incident(fmt::format("{} had no frame for {} s", names_of(lost), patience_ns / kSecond));
}

void Crew::end_all() {
  if (is_ending_) return;
  is_ending_ = true;
  agenda_.clear();
  for (const int signal : {SIGTERM, SIGKILL}) {
    for (Member& client : clients_) client.send(signal);
    resume_all();  // who is stopped could not obey
    const auto all_gone = [this] {
      return std::ranges::all_of(clients_, [](const Member& client) { return client.pid() == 0; });
    };
    if (wait_until_gone(all_gone, kEndPatience)) break;
    incident("a client did not end when it was told to");
  }
  for (const int signal : {SIGTERM, SIGKILL}) {
    writer_.send(signal);
    if (wait_until_gone([this] { return writer_.pid() == 0; }, kEndPatience)) return;
    incident("the writer did not end when it was told to");
    was_writer_killed_ = true;
  }
}

bool Crew::wait_until_gone(const std::function<bool()>& is_gone, std::uint64_t patience_ns) {
  const std::uint64_t deadline = monotonic_ns() + patience_ns;
  for (;;) {
    reap();
    if (is_gone()) return true;
    if (monotonic_ns() >= deadline) return false;
    pollfd wanted{child_signals_, POLLIN, 0};
    ::poll(&wanted, 1, kWaitSliceMs);
  }
}

bool Crew::is_writer_ready() const noexcept {
  return writer_.pid() != 0 && ledger_.writer().is_ready.get() != 0;
}

bool Crew::all_are_attached() const noexcept {
  for (std::uint32_t i = 0; i < size(); ++i) {
    if (ledger_.client(i).lives.get() == 0 && !is_given_up_[i]) return false;
  }
  return true;
}

bool Crew::is_hopeless() const noexcept {
  return is_writer_lost_ || std::ranges::all_of(is_given_up_, [](bool is_lost) { return is_lost; });
}

}  // namespace shmvideo::bench

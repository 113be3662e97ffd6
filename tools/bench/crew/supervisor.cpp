// SPDX-License-Identifier: Apache-2.0
#include "crew/supervisor.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "ledger/clock.hpp"
#include "shmvideo/error.hpp"
#include "shmvideo/report.hpp"

namespace shmvideo::bench {
namespace {

/// Until everybody is there. Many processes on few cores take their time.
constexpr std::uint64_t kStartPatience = 60 * kSecond;
/// Until a client has frames again after it, or the writer, was stopped, killed or started.
constexpr std::uint64_t kReturnPatience = 10 * kSecond;
constexpr std::uint64_t kLookInterval = 20 * kMillisecond;
/// The end of a run with chaos is without: whoever was hit must be seen to come back.
constexpr std::uint64_t kCalm = 2 * kSecond;

Ledger make_ledger(const BenchOptions& options, const Subject& subject, std::uint64_t seed) {
  Ledger ledger = Ledger::create(options.clients);
  Settings& settings = ledger.settings();
  subject.name.str().copy(settings.segment, sizeof settings.segment - 1);
  settings.supervisor_pid = ::getpid();
  settings.grade = options.grade;
  settings.order = options.newest ? Order::newest : Order::in_order;
  settings.content = subject.content;
  settings.seed = seed;
  settings.epoch = monotonic_ns();
  settings.is_churning = options.churn;
  settings.is_fast = options.fast;
  settings.fourcc = info_of(options.format).fourcc;
  settings.width = options.resolution.width;
  settings.height = options.resolution.height;
  const toolkit::Rate rate = rate_of(options);
  settings.fps_numerator = rate.numerator;
  settings.fps_denominator = rate.denominator;
  settings.slots = options.slots;
  return ledger;
}

}  // namespace

Supervisor::Supervisor(const BenchOptions& options, const Subject& subject, std::uint64_t seed,
                       toolkit::ToolContext& context)
    : options_(options),
      subject_(subject),
      seed_(seed),
      context_(context),
      ledger_(make_ledger(options, subject, seed)),
      crew_(ledger_, agenda_, subject.is_own),
      chaos_(seed, options.clients, subject.is_own) {}

Result Supervisor::run(std::uint64_t interval_ns, const Show& show) {
  start();
  if (!is_over()) measure(interval_ns, show);
  finish();
  return result();
}

void Supervisor::start() {
  const std::uint64_t deadline = monotonic_ns() + kStartPatience;
  if (subject_.is_own) {
    crew_.start_writer();
    serve_until(deadline, [this] { return crew_.is_writer_ready(); });
    const std::string complaint = ledger_.writer().complaint.get();
    if (!complaint.empty()) throw Error(ErrorCode::system, complaint);
    if (is_over()) return;
  }
  crew_.start_clients();
  serve_until(deadline, [this] { return crew_.all_are_attached(); });
  if (!is_over() && !crew_.all_are_attached()) crew_.incident("not all clients were attached after a minute");
}

void Supervisor::measure(std::uint64_t interval_ns, const Show& show) {
  Window& window = ledger_.window();
  const std::uint64_t from = monotonic_ns() + static_cast<std::uint64_t>(options_.warmup.count());
  window.from_ns.set(from);
  every(interval_ns, [this, show] { show(result()); });
  serve_until(from);
  if (is_over()) return;

  crew_.begin_window();
  look_at_machine();
  machine_before_ = machine_now_;
  counts_before_ = counts_now_;
  const auto duration = static_cast<std::uint64_t>(options_.duration.count());
  window.until_ns.set(from + duration);
  // Looking costs a little for each process.
  every(kSecond * (1 + crew_.size() / 50), [this] { sample(); });
  if (options_.chaos) {
    is_calm_ = false;
    strike();
    serve_until(from + duration - std::min(kCalm, duration / 4));
    calm_down();
  }
  serve_until(from + duration);
}

void Supervisor::strike() {
  if (is_calm_) return;
  const Blow blow = chaos_.next();
  crew_.apply(blow);
  agenda_.at(monotonic_ns() + blow.wait_ns, [this] { strike(); });
}

void Supervisor::calm_down() {
  is_calm_ = true;
  crew_.resume_all();
}

void Supervisor::finish() {
  Window& window = ledger_.window();
  const std::uint64_t now = monotonic_ns();
  ended_early_ = now < window.until_ns.get();
  if (window.until_ns.get() > now) window.until_ns.set(now);
  look_at_machine();
  sample();
  crew_.end_window();
  if (options_.chaos && !is_over()) {
    // Those that were hit last get the time that it may take to come back.
    serve_until(now + kReturnPatience + kSecond, [this, now] { return all_had_frames_since(now); });
    crew_.look_for_lost_clients(kReturnPatience);
  }
  for (std::uint32_t i = 0; i < crew_.size(); ++i) {
    if (const pid_t pid = crew_.client(i).pid()) proportional_bytes_ += proportional_bytes_of(pid);
  }
  const bool is_writer_missing = subject_.is_own && crew_.writer().pid() == 0;
  crew_.end_all();
  if (!subject_.is_own) return;
  // What a killed writer leaves is its successor's business. Where it got none, it is ours.
  if (is_writer_missing || crew_.was_writer_killed()) {
    try {
      remove_segment(subject_.name);
    } catch (const Error&) {
      // Then it is found by what follows.
    }
  }
  files_left_ = files_of(subject_.name);
}

void Supervisor::sample() {
  crew_.sample();
  const auto interval = static_cast<std::uint64_t>(3e9 / std::max(subject_.nominal_fps, 0.1));
  crew_.look_for_lost_clients(std::max(kReturnPatience, subject_.nominal_fps > 0 ? interval : 0));
  if (const auto counts = look_at(subject_, context_.guard)) counts_now_ = *counts;
}

void Supervisor::look_at_machine() {
  machine_now_ = machine_time();
  if (const auto counts = look_at(subject_, context_.guard)) counts_now_ = *counts;
}

void Supervisor::every(std::uint64_t interval_ns, std::function<void()> action) {
  agenda_.at(monotonic_ns() + interval_ns, [this, interval_ns, action = std::move(action)] {
    action();
    every(interval_ns, action);
  });
}

bool Supervisor::is_over() const { return context_.stop.is_set() || crew_.is_hopeless(); }

bool Supervisor::all_had_frames_since(std::uint64_t time_ns) const {
  for (std::uint32_t i = 0; i < crew_.size(); ++i) {
    if (!crew_.is_given_up(i) && ledger_.client(i).last_frame_ns.get() < time_ns) return false;
  }
  return true;
}

void Supervisor::serve_until(std::uint64_t deadline_ns, const Condition& is_done) {
  while (!is_over() && !(is_done && is_done())) {
    const std::uint64_t now = monotonic_ns();
    if (now >= deadline_ns) return;
    const std::uint64_t look = is_done ? now + kLookInterval : std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t next = std::min({deadline_ns, agenda_.next_ns(), look});
    const std::uint64_t wait = next > now ? next - now : 0;
    const timespec limit{static_cast<time_t>(wait / kSecond), static_cast<long>(wait % kSecond)};
    pollfd wanted[] = {
        {crew_.fd(), POLLIN, 0}, {context_.stop.fd(), POLLIN, 0}, {context_.reload_fd(), POLLIN, 0}};
    ::ppoll(wanted, std::size(wanted), &limit, nullptr);
    context_.handle_reload();
    crew_.reap();
    agenda_.run_due(monotonic_ns());
  }
}

}  // namespace shmvideo::bench

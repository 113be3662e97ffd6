// SPDX-License-Identifier: Apache-2.0
// The part of the supervisor that adds up what the others wrote down.
#include <algorithm>
#include <thread>

#include "crew/supervisor.hpp"
#include "ledger/clock.hpp"

namespace shmvideo::bench {
namespace {

const char* to_string(Content content) {
  switch (content) {
    case Content::stamps:
      return "stamps";
    case Content::pattern:
      return "pattern";
    case Content::clip:
      return "clip";
    case Content::none:
      break;
  }
  return "none";
}

ProcessUse use_of(const Member& member, double window_s) {
  ProcessUse use;
  use.cpu_percent = window_s > 0 ? 100 * member.cpu_seconds() / window_s : 0;
  use.private_bytes = member.private_bytes();
  use.shared_bytes = member.shared_bytes();
  use.private_growth_bytes = member.private_growth_bytes();
  use.descriptors = member.descriptors();
  use.descriptor_growth = member.descriptor_growth();
  use.processes = member.processes();
  return use;
}

double seconds(std::uint64_t time_ns) { return static_cast<double>(time_ns) / static_cast<double>(kSecond); }

}  // namespace

double Supervisor::window_seconds() const {
  const std::uint64_t from = ledger_.window().from_ns.get();
  const std::uint64_t until = std::min(ledger_.window().until_ns.get(), monotonic_ns());
  return until > from ? seconds(until - from) : 0;
}

Result Supervisor::result() const {
  Result result;
  result.segment = subject_.name.str();
  result.picture = subject_.picture;
  result.source = subject_.source;
  result.grade = shmvideo::to_string(options_.grade);
  result.order = options_.newest ? "newest" : "in_order";
  result.content = to_string(subject_.content);
  result.seed = seed_;
  result.warmup_s = std::chrono::duration<double>(options_.warmup).count();
  result.wanted_s = std::chrono::duration<double>(options_.duration).count();
  result.is_churning = options_.churn;
  result.is_chaotic = options_.chaos;
  result.is_fast = options_.fast;
  result.is_newest = options_.newest;
  result.segment_bytes = counts_now_.file_bytes;
  result.duration_s = window_seconds();
  result.ended_early = ended_early_;
  add_clients(result, result.duration_s);
  add_writer(result, result.duration_s);
  add_machine(result, result.duration_s);
  result.pauses = crew_.pauses();
  result.kills = crew_.kills();
  result.writer_restarts = crew_.writer_restarts();
  result.proportional_bytes = proportional_bytes_;
  result.incidents = crew_.incidents();
  result.files_left = files_left_;
  return result;
}

void Supervisor::add_clients(Result& result, double window_s) const {
  for (std::uint32_t i = 0; i < crew_.size(); ++i) {
    const ClientPage& page = ledger_.client(i);
    ClientResult client;
    client.client = i;
    client.attached_s = seconds(page.attached_ns.get());
    client.frames = page.frames.get();
    client.missed = page.missed.get();
    client.overwritten = page.overwritten.get();
    client.torn = page.torn.get();
    client.misnumbered = page.misnumbered.get();
    client.disordered = page.disordered.get();
    client.checked = page.checked.get();
    client.lives = page.lives.get();
    client.restarts = page.restarts.get();
    client.is_observer = page.is_observer.get() != 0;
    client.is_excused = crew_.is_given_up(i);
    client.latency = page.latencies();
    client.use = use_of(crew_.client(i), window_s);
    // Of clients that come and go: of the time that they were there.
    const double time = options_.churn || options_.chaos ? client.attached_s : window_s;
    client.fps = time > 0 ? static_cast<double>(client.frames) / time : 0;
    result.clients.push_back(std::move(client));
  }
}

void Supervisor::add_writer(Result& result, double window_s) const {
  WriterResult& writer = result.writer;
  writer.is_own = subject_.is_own;
  writer.nominal_fps = subject_.nominal_fps;
  if (subject_.is_own) {
    const WriterPage& page = ledger_.writer();
    writer.published = page.published.get();
    writer.late = page.late.get();
    writer.revoked = page.revoked.get();
    writer.dropped = page.no_slot.get();
    writer.fill_ms =
        writer.published ? seconds(page.fill_ns.get()) * 1e3 / static_cast<double>(writer.published) : 0;
    writer.use = use_of(crew_.writer(), window_s);
  } else {
    // A writer that was restarted without its old numbers begins anew.
    const auto since = [](std::uint64_t now, std::uint64_t before) {
      return now - (before <= now ? before : 0);
    };
    writer.published = since(counts_now_.latest, counts_before_.latest);
    writer.revoked = since(counts_now_.revoked, counts_before_.revoked);
    writer.dropped = since(counts_now_.dropped, counts_before_.dropped);
  }
  writer.fps = window_s > 0 ? static_cast<double>(writer.published) / window_s : 0;
}

void Supervisor::add_machine(Result& result, double window_s) const {
  result.cores = std::max(1U, std::thread::hardware_concurrency());
  const double all = machine_now_.all_seconds - machine_before_.all_seconds;
  if (all <= 0 || window_s <= 0) return;
  double ours = result.writer.use.cpu_percent;
  for (const ClientResult& client : result.clients) ours += client.use.cpu_percent;
  result.busy_percent = 100 * (machine_now_.busy_seconds - machine_before_.busy_seconds) / all;
  result.others_percent = std::max(0.0, result.busy_percent - ours / result.cores);
}

}  // namespace shmvideo::bench

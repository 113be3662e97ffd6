// SPDX-License-Identifier: Apache-2.0
#include "http/engine.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>

#include "ledger/clock.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo::bench::http {
namespace {

// In epoll beside the clients' indices.
constexpr std::uint32_t kStopMark = UINT32_MAX;
constexpr std::uint32_t kReloadMark = UINT32_MAX - 1;
/// Descriptors for all that are no clients.
constexpr std::uint64_t kOtherDescriptors = 64;
/// A gap above so many of the usual intervals is a long one.
constexpr double kLongGap = 3;

void allow_descriptors(std::uint64_t clients) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = clients + kOtherDescriptors;
  if (limit.rlim_cur >= wanted) return;
  if (limit.rlim_max < wanted) {
    throw Error(ErrorCode::system, fmt::format("{} clients need {} open descriptors, and {} are allowed; use "
                                               "fewer clients, or raise the limit (ulimit -n)",
                                               clients, wanted, limit.rlim_max));
  }
  limit.rlim_cur = wanted;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void watch(int epoll, int descriptor, std::uint32_t mark) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u32 = mark;
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) {
    throw Error(ErrorCode::system, "epoll takes no descriptor", errno);
  }
}

double seconds(std::uint64_t duration_ns) { return static_cast<double>(duration_ns) / kSecond; }

double percent(std::uint64_t part_ns, std::uint64_t before_ns, std::uint64_t whole_ns) {
  return whole_ns == 0 ? 0 : 100 * static_cast<double>(part_ns - before_ns) / static_cast<double>(whole_ns);
}

}  // namespace

Engine::Engine(Floor& floor, toolkit::ToolContext& context) : floor_(floor), context_(context) {
  const Plan& plan = floor.plan;
  allow_descriptors(std::uint64_t{plan.fast} + plan.slow + plan.stalled);
  floor_.epoll = ::epoll_create1(EPOLL_CLOEXEC);
  if (floor_.epoll < 0) throw Error(ErrorCode::system, "cannot wait for connections", errno);
  watch(floor_.epoll, context.stop.fd(), kStopMark);
  watch(floor_.epoll, context.reload_fd(), kReloadMark);
  const auto add = [this](std::uint32_t count, Kind kind) {
    for (std::uint32_t i = 0; i < count; ++i) {
      clients_.emplace_back(floor_, static_cast<std::uint32_t>(clients_.size()), kind);
    }
  };
  add(plan.fast, Kind::fast);
  add(plan.slow, Kind::slow);
  add(plan.stalled, Kind::stalled);
}

Engine::~Engine() { ::close(floor_.epoll); }

LoadResult Engine::run(std::chrono::nanoseconds show_interval, const Show& show) {
  show_ = show;
  show_interval_ns_ = static_cast<std::uint64_t>(show_interval.count());
  began_ns_ = monotonic_ns();
  next_show_ns_ = began_ns_ + show_interval_ns_;
  invite();
  serve_until(began_ns_ + static_cast<std::uint64_t>(floor_.plan.warmup.count()));
  gave_up_ = is_hopeless();
  if (!gave_up_ && !context_.stop.is_set()) {
    open_window();
    serve_until(window_ns_ + static_cast<std::uint64_t>(floor_.plan.duration.count()));
    close_window();
  }
  return result();
}

/// All connect in the first half of the warm-up, one after the other: a server's queue is short.
void Engine::invite() {
  const auto warmup = static_cast<std::uint64_t>(floor_.plan.warmup.count());
  const std::uint64_t step = std::min(warmup / 2 / clients_.size(), kMillisecond);
  for (const Client& client : clients_) {
    floor_.timers.set(client.index(), began_ns_ + client.index() * step);
  }
}

void Engine::serve_until(std::uint64_t end_ns) {
  for (std::uint64_t now = monotonic_ns(); now < end_ns && !context_.stop.is_set(); now = monotonic_ns()) {
    wait(std::min({end_ns, floor_.timers.next_ns(), next_second_ns_, next_show_ns_}));
    const std::uint64_t due = monotonic_ns();
    while (const auto owner = floor_.timers.take_due(due)) clients_[*owner].on_timer();
    if (due >= next_second_ns_) end_second(due);
    if (due < next_show_ns_) continue;
    next_show_ns_ = due + show_interval_ns_;
    context_.log.tell_overdue();
    show_(glimpse(due));
  }
}

/// Until something happens, but not beyond `until_ns`; then all clients that it happened to have their turn.
void Engine::wait(std::uint64_t until_ns) {
  const std::uint64_t now = monotonic_ns();
  const std::uint64_t left = until_ns > now ? until_ns - now : 0;
  // Rounded up, so that it does not turn in circles for the last millisecond.
  const int timeout_ms =
      static_cast<int>(std::min<std::uint64_t>((left + kMillisecond - 1) / kMillisecond, 1000));
  std::array<epoll_event, 256> events;
  const int count = ::epoll_wait(floor_.epoll, events.data(), static_cast<int>(events.size()), timeout_ms);
  for (int i = 0; i < count; ++i) {
    const std::uint32_t mark = events[static_cast<std::size_t>(i)].data.u32;
    if (mark == kStopMark) return;
    if (mark == kReloadMark) {
      context_.handle_reload();
    } else {
      clients_[mark].on_events(events[static_cast<std::size_t>(i)].events);
    }
  }
}

bool Engine::is_hopeless() const {
  const auto is_refused = [](const Client& client) {
    return client.counts().connections() == 0 &&
           client.counts().errors()[static_cast<std::size_t>(ErrorKind::connect)] > 0;
  };
  return std::ranges::all_of(clients_, is_refused);
}

void Engine::open_window() {
  window_ns_ = second_began_ns_ = monotonic_ns();
  next_second_ns_ = window_ns_ + kSecond;
  for (Client& client : clients_) client.counts().open_window(window_ns_);
  errors_before_second_ = floor_.errors;
  time_at_window_ = time_at_second_ = thread_time();
}

void Engine::close_window() {
  closed_ns_ = monotonic_ns();
  time_at_end_ = thread_time();
  for (Client& client : clients_) client.counts().close_window(closed_ns_);
  // The rest of a second would say little, or show a rate that is not one.
  if (closed_ns_ - second_began_ns_ >= kSecond / 2) end_second(closed_ns_);
}

void Engine::end_second(std::uint64_t now_ns) {
  const double length = seconds(now_ns - second_began_ns_);
  const ThreadTime time = thread_time();
  timeline_.add({.begin_s = seconds(second_began_ns_ - window_ns_),
                 .seconds = length,
                 .fast = moment_of(Kind::fast, length),
                 .slow = moment_of(Kind::slow, length),
                 .errors = floor_.errors - errors_before_second_,
                 .cpu_percent = percent(time.cpu_ns, time_at_second_.cpu_ns, now_ns - second_began_ns_)});
  time_at_second_ = time;
  errors_before_second_ = floor_.errors;
  second_began_ns_ = now_ns;
  next_second_ns_ = now_ns + kSecond;
}

GroupMoment Engine::moment_of(Kind kind, double seconds) {
  GroupMoment moment;
  std::uint64_t frames = 0;
  std::size_t clients = 0;
  for (Client& client : clients_) {
    if (client.kind() != kind) continue;
    const std::uint32_t mine = client.counts().take_second();
    const double fps = mine / seconds;
    moment.fps_min = clients == 0 ? fps : std::min(moment.fps_min, fps);
    moment.fps_max = std::max(moment.fps_max, fps);
    frames += mine;
    ++clients;
  }
  if (clients > 0) moment.fps_mean = static_cast<double>(frames) / static_cast<double>(clients) / seconds;
  GroupCounts& group = floor_.group(kind);
  moment.bytes = std::exchange(group.bytes_second, 0);
  const Histogram latency = std::exchange(group.latency_second, {});
  moment.latencies = latency.count();
  moment.p50_ns = latency.percentile_ns(50);
  moment.p90_ns = latency.percentile_ns(90);
  moment.p99_ns = latency.percentile_ns(99);
  moment.max_ns = latency.max_ns();
  return moment;
}

Glimpse Engine::glimpse(std::uint64_t now_ns) const {
  Glimpse glimpse;
  glimpse.is_measuring = window_ns_ != 0;
  glimpse.elapsed_s = seconds(now_ns - (window_ns_ != 0 ? window_ns_ : began_ns_));
  glimpse.errors = floor_.errors;
  glimpse.p99_ns = floor_.fast.latency.percentile_ns(99);
  std::uint64_t least = UINT64_MAX;
  for (const Client& client : clients_) {
    glimpse.frames += client.counts().frames();
    glimpse.streaming += client.is_streaming();
    for (const std::uint64_t broken : client.counts().faults()) glimpse.broken += broken;
    if (client.kind() == Kind::fast) least = std::min(least, client.counts().frames());
  }
  if (glimpse.is_measuring && glimpse.elapsed_s > 0) {
    glimpse.fps_min = static_cast<double>(least) / glimpse.elapsed_s;
  }
  return glimpse;
}

LoadResult Engine::result() const {
  const Plan& plan = floor_.plan;
  LoadResult result;
  result.url = plan.target.url;
  result.wanted_fps = plan.wanted_fps;
  result.slow_rate = plan.slow > 0 ? plan.slow_rate : 0;
  result.warmup_s = seconds(static_cast<std::uint64_t>(plan.warmup.count()));
  result.wanted_s = seconds(static_cast<std::uint64_t>(plan.duration.count()));
  const std::uint64_t length = closed_ns_ - window_ns_;
  result.duration_s = seconds(length);
  result.ended_early = context_.stop.is_set();
  result.is_hopeless = gave_up_;
  for (const Client& client : clients_) result.clients.push_back(load_of(client));
  const double fps = expected_fps(result);
  for (std::size_t i = 0; i < clients_.size() && fps > 0; ++i) {
    const auto longest_usual = static_cast<std::uint64_t>(kLongGap / fps * kSecond);
    result.clients[i].long_gaps = clients_[i].counts().gaps().count_above_ns(longest_usual);
  }
  result.fast_latency = floor_.fast.latency;
  result.slow_latency = floor_.slow.latency;
  result.newest_errors = floor_.newest_errors;
  result.moments = timeline_.moments();
  result.cpu_percent = percent(time_at_end_.cpu_ns, time_at_window_.cpu_ns, length);
  result.waited_percent = percent(time_at_end_.waited_ns, time_at_window_.waited_ns, length);
  return result;
}

ClientLoad Engine::load_of(const Client& client) const {
  const ClientCounts& counts = client.counts();
  const Histogram& latency = counts.latency();
  const double length = seconds(closed_ns_ - window_ns_);
  return {.client = client.index(),
          .kind = client.kind(),
          .fps = length > 0 ? static_cast<double>(counts.frames()) / length : 0,
          .frames = counts.frames(),
          .bytes = counts.bytes(),
          .skipped = counts.skipped(),
          .repeated = counts.repeated(),
          .disordered = counts.disordered(),
          .connections = counts.connections(),
          .hang_ups = counts.hang_ups(),
          .errors = counts.errors(),
          .faults = counts.faults(),
          .latencies = latency.count(),
          .p50_ns = latency.percentile_ns(50),
          .p90_ns = latency.percentile_ns(90),
          .p99_ns = latency.percentile_ns(99),
          .max_ns = latency.max_ns(),
          .longest_gap_ns = counts.gaps().max_ns(),
          .from_future = counts.from_future()};
}

}  // namespace shmvideo::bench::http

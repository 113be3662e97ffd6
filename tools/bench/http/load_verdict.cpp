// SPDX-License-Identifier: Apache-2.0
#include "http/load_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace shmvideo::bench::http {
namespace {

/// Of a short run one frame is more than 5 %.
constexpr double kFramesAtEnds = 2;
/// Without a picture for so long, something is wrong at any rate that is usual.
constexpr double kLongestPause = 10;
/// Slow clients may have got nothing in less than this many times what one picture takes.
constexpr double kSlowPatience = 3;

class Judge {
 public:
  explicit Judge(const LoadResult& result) : result_(result), fast_(totals_of(result, Kind::fast)) {}

  Verdict verdict() {
    judge_errors();
    judge_pictures();
    if (!result_.is_hopeless) judge_rates();
    return verdict_;
  }

 private:
  using Clients = std::function<bool(const ClientLoad&)>;

  void add(std::string reason) { verdict_.reasons.push_back(std::move(reason)); }

  std::string names(const Clients& belongs) const {
    std::vector<std::uint32_t> clients;
    for (const ClientLoad& client : result_.clients) {
      if (belongs(client)) clients.push_back(client.client);
    }
    return names_of(clients);
  }

  template <typename Count>
  std::uint64_t sum(const Count& count) const {
    std::uint64_t total = 0;
    for (const ClientLoad& client : result_.clients) total += count(client);
    return total;
  }

  void judge_errors() {
    for (std::size_t i = 0; i < kErrorKinds; ++i) {
      const auto count = [i](const ClientLoad& client) { return client.errors[i]; };
      const std::uint64_t errors = sum(count);
      if (errors == 0) continue;
      add(fmt::format("{} {}: {}, {} ({})", errors, errors == 1 ? "error" : "errors",
                      describe(static_cast<ErrorKind>(i)), result_.newest_errors[i],
                      names([&count](const ClientLoad& client) { return count(client) > 0; })));
    }
  }

  void judge_pictures() {
    for (std::size_t i = 0; i < kFaults; ++i) {
      count([i](const ClientLoad& client) { return client.faults[i]; }, describe(static_cast<Fault>(i)));
    }
    count([](const ClientLoad& client) { return client.disordered; }, "older than the one before");
    if (result_.decoding.undecodable > 0) {
      add(fmt::format("{} of {} pictures cannot be decoded: {}", result_.decoding.undecodable,
                      result_.decoding.decoded, result_.decoding.newest_problem));
    }
  }

  template <typename Count>
  void count(const Count& count, const char* what) {
    const std::uint64_t pictures = sum(count);
    if (pictures == 0) return;
    add(fmt::format("{} {} {} ({})", pictures, pictures == 1 ? "picture" : "pictures", what,
                    names([&count](const ClientLoad& client) { return count(client) > 0; })));
  }

  /// By more than the frames that are on one side or the other of the window's ends.
  bool is_below(double fps, double wanted) const {
    return fps < kRateFloor * wanted && (wanted - fps) * result_.duration_s > kFramesAtEnds;
  }

  void judge_rates() {
    if (fast_.frames == 0) return add("no client got a picture");
    const double wanted = expected_fps(result_);
    const auto is_slow = [&](const ClientLoad& client) {
      return client.kind == Kind::fast && is_below(client.fps, wanted);
    };
    const std::string slow = names(is_slow);
    if (!slow.empty()) {
      add(fmt::format("below {:.0f} % of {} {:.2f} frames/s: {} (the slowest: {:.2f})", kRateFloor * 100,
                      result_.wanted_fps > 0 ? "the wanted" : "the clients' median of", wanted, slow,
                      fast_.fps_min));
    }
    const auto is_paused = [&](const ClientLoad& client) {
      const double pause = static_cast<double>(client.longest_gap_ns) / 1e9;
      return client.kind == Kind::fast && !is_slow(client) && pause >= kLongestPause && pause * wanted > 3;
    };
    const std::string paused = names(is_paused);
    if (!paused.empty()) add(fmt::format("no picture for {:.0f} s or more: {}", kLongestPause, paused));
    judge_slow_clients();
  }

  /// One that reads slowly gets fewer pictures, but some.
  void judge_slow_clients() {
    const double picture_bytes =
        static_cast<double>(fast_.bytes) / static_cast<double>(std::max<std::uint64_t>(fast_.frames, 1));
    if (static_cast<double>(result_.slow_rate) * result_.duration_s < kSlowPatience * picture_bytes) return;
    const std::string without =
        names([](const ClientLoad& client) { return client.kind == Kind::slow && client.frames == 0; });
    if (!without.empty()) add(fmt::format("no picture for slow {}", without));
  }

  const LoadResult& result_;
  const GroupTotals fast_;
  Verdict verdict_;
};

}  // namespace

Verdict judge(const LoadResult& result) { return Judge(result).verdict(); }

std::string warning_of(const LoadResult& result) {
  if (result.cpu_percent + result.waited_percent < kTesterLimitPercent) return {};
  return fmt::format(
      "the tester itself was the limit: its thread ran {:.0f} % of the time and waited {:.0f} % for a core; "
      "use "
      "fewer clients, or another machine for them",
      result.cpu_percent, result.waited_percent);
}

}  // namespace shmvideo::bench::http

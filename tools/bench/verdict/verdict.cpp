// SPDX-License-Identifier: Apache-2.0
#include "verdict/verdict.hpp"

#include <fmt/format.h>

#include <functional>

#include "toolkit/messages/human.hpp"

namespace shmvideo::bench {
namespace {

/// Of a short run one frame is more than 5 %.
constexpr double kFramesAtEnds = 2;
/// Seconds within which a client that was stopped, killed or went away is back.
constexpr double kLongestAbsence = 10;

class Judge {
 public:
  Judge(const Result& result, const Limits& limits)
      : result_(result), limits_(limits), totals_(totals_of(result)) {}

  Verdict verdict() {
    verdict_.reasons = result_.incidents;
    judge_presence();
    judge_content();
    judge_losses();
    judge_rates();
    judge_use();
    for (const std::string& path : result_.files_left) add(fmt::format("{} was left behind", path));
    return verdict_;
  }

 private:
  using Clients = std::function<bool(const ClientResult&)>;

  void add(std::string reason) { verdict_.reasons.push_back(std::move(reason)); }

  std::string names(const Clients& belongs) const {
    std::vector<std::uint32_t> clients;
    for (const ClientResult& client : result_.clients) {
      if (belongs(client)) clients.push_back(client.client);
    }
    return names_of(clients);
  }

  void count(std::uint64_t frames, std::uint64_t ClientResult::*member, const char* what) {
    if (frames == 0) return;
    add(fmt::format("{} {} {} ({})", frames, frames == 1 ? "frame" : "frames", what,
                    names([member](const ClientResult& client) { return client.*member > 0; })));
  }

  /// Whatever else is forgiven: a client without any frame checked nothing.
  void judge_presence() {
    if (totals_.frames == 0) return add("no client got a frame");
    // Who was hit, or came and went, may have been away for a while.
    if ((result_.is_chaotic || result_.is_churning) && result_.duration_s < kLongestAbsence) return;
    const std::string without =
        names([](const ClientResult& client) { return client.frames == 0 && !client.is_excused; });
    const bool is_told_by_rate = !result_.is_chaotic && !result_.is_churning && !result_.is_fast;
    if (!without.empty() && !is_told_by_rate) add(fmt::format("no frame for {}", without));
  }

  void judge_content() {
    if ((result_.content == "pattern" || result_.content == "clip") && totals_.checked < totals_.frames) {
      add(fmt::format("{} of {} frames had no number that could be read", totals_.frames - totals_.checked,
                      totals_.frames));
    }
    count(totals_.torn, &ClientResult::torn, "torn: accepted, but not what was published");
    count(totals_.misnumbered, &ClientResult::misnumbered, "misnumbered: another's number in the picture");
    count(totals_.disordered, &ClientResult::disordered, "not newer than the one before");
  }

  void judge_losses() {
    if (result_.is_chaotic || result_.is_fast || result_.is_newest || totals_.missed <= limits_.missed)
      return;
    count(totals_.missed, &ClientResult::missed,
          limits_.missed ? fmt::format("missed, of which {} are allowed", limits_.missed).c_str() : "missed");
  }

  /// By more than the frames that are on one side or the other of the window's ends.
  bool is_below(double fps, double wanted) const {
    return fps < kRateFloor * wanted && (wanted - fps) * result_.duration_s > kFramesAtEnds;
  }

  void judge_rates() {
    if (result_.is_chaotic || result_.is_fast) return;
    const WriterResult& writer = result_.writer;
    if (writer.is_own && is_below(writer.fps, writer.nominal_fps)) {
      add(fmt::format("the writer published {:.2f} frames/s instead of {:g}", writer.fps,
                      writer.nominal_fps));
    }
    if (result_.is_churning) return;
    const auto is_slow = [&](const ClientResult& client) {
      return !client.is_excused && is_below(client.fps, writer.fps);
    };
    const std::string slow = names(is_slow);
    if (slow.empty()) return;
    add(fmt::format("below {:.0f} % of the writer's {:.2f} frames/s: {} (the slowest: {:.2f})",
                    kRateFloor * 100, writer.fps, slow, totals_.fps_min));
  }

  void judge_use() {
    const auto limit = static_cast<std::int64_t>(limits_.growth_bytes);
    for (const ClientResult& client : result_.clients)
      judge_use(fmt::format("client {}", client.client), client.use);
    if (result_.writer.is_own) judge_use("the writer", result_.writer.use);
    // Two generations while it goes from one to the next, and the counts. More is a mapping that stays.
    const std::uint64_t mapped_max = 2 * result_.segment_bytes + static_cast<std::uint64_t>(limit);
    const std::string hoarders =
        names([mapped_max](const ClientResult& client) { return client.use.shared_bytes > mapped_max; });
    if (result_.segment_bytes > 0 && !hoarders.empty()) {
      add(fmt::format("more shared memory in use than two segments have: {}", hoarders));
    }
  }

  void judge_use(const std::string& who, const ProcessUse& use) {
    if (use.private_growth_bytes > static_cast<std::int64_t>(limits_.growth_bytes)) {
      add(fmt::format("{} grew by {} of private memory", who,
                      toolkit::human_bytes(static_cast<std::uint64_t>(use.private_growth_bytes))));
    }
    if (use.descriptor_growth > kDescriptorGrowthMax) {
      add(fmt::format("{} has {} more open descriptors at the end", who, use.descriptor_growth));
    }
  }

  const Result& result_;
  const Limits& limits_;
  const Totals totals_;
  Verdict verdict_;
};

}  // namespace

Verdict judge(const Result& result, const Limits& limits) { return Judge(result, limits).verdict(); }

}  // namespace shmvideo::bench

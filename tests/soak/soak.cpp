// SPDX-License-Identifier: Apache-2.0
#include "soak.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "crew.hpp"
#include "figures.hpp"
#include "ledger.hpp"
#include "shmvideo/error.hpp"
#include "shmvideo/report.hpp"

namespace soak {
namespace {

constexpr double kPatience = 120;  // until what must happen has happened; the machine may be busy
constexpr std::uint64_t kCalmFrames = 40;
constexpr std::uint64_t kBlowsMin = 3;  // of each kind
// A leak at each turn shows in the difference; figures.cpp says how much a process may come to have without
// one.
constexpr std::uint64_t kTimesBefore = 10;
constexpr std::uint64_t kTimesInAll = 40;
constexpr const char* kMeasured[] = {"the writer that stays", "its reader that stays",
                                     "the other writer's reader that stays",
                                     "the reader that comes and goes"};

std::atomic<bool> is_interrupted{false};

struct State {
  std::array<Figures, Crew::kResidents> figures;
  Traces traces;
};

class Soak {
 public:
  explicit Soak(const Options& options)
      : options_(options),
        fd_(::memfd_create("soak", 0)),
        ledger_(::ftruncate(fd_, sizeof(Ledger)) == 0 ? map_ledger(fd_) : nullptr) {
    if (!ledger_) throw std::runtime_error("no memory for the counts");
    const std::string stem = "soak-" + std::to_string(::getpid());
    names_[0] = stem + "-a";
    names_[1] = stem + "-b";
  }

  bool run();

 private:
  using Condition = std::function<bool()>;

  void storm(Crew& crew, const Condition& is_enough);
  /// Everybody but the residents leaves; then what they have is looked at.
  State calm(Crew& crew);
  void wait(Crew& crew, const char* what, const Condition& condition);
  bool is_enough(const Crew& crew) const;
  bool is_late() const;
  /// That those who stay did everything often enough, `times` over.
  bool was_everything_done(std::uint64_t times) const;
  void report(const char* when) const;
  void judge(const Crew& crew, const State& before, const State& after);
  void judge_traces(const Traces& before, const Traces& after);
  void fail(const std::string& why) { reasons_.push_back(why); }
  double elapsed() const { return seconds_now() - began_; }

  const Options& options_;
  int fd_;
  Ledger* ledger_;
  std::string names_[2];
  double began_ = 0;
  std::vector<std::string> reasons_;
};

void Soak::wait(Crew& crew, const char* what, const Condition& condition) {
  for (const double deadline = seconds_now() + kPatience; !condition();) {
    crew.tend();
    if (seconds_now() > deadline) throw std::runtime_error(std::string("waited in vain for ") + what);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void Soak::storm(Crew& crew, const Condition& is_enough) {
  ledger_->phase = Phase::storm;
  crew.set_visiting(true);
  double next_blow = seconds_now();
  double next_report = elapsed() + options_.report_seconds;
  while (!is_enough() && !is_interrupted && crew.incidents().empty()) {
    crew.tend();
    if (seconds_now() >= next_blow) {
      crew.strike();
      next_blow = seconds_now() + options_.blow_seconds;
    }
    if (elapsed() >= next_report) {
      report("so far");
      next_report += options_.report_seconds;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

State Soak::calm(Crew& crew) {
  ledger_->phase = Phase::calm;
  crew.calm_down();
  wait(crew, "the visitors' end", [&] { return !crew.has_visitors(); });
  for (Count& frames : ledger_->residents_calm) frames = 0;
  wait(crew, "frames for those who stay", [&] {
    return ledger_->residents_calm[0] >= kCalmFrames && ledger_->residents_calm[1] >= kCalmFrames;
  });
  // Only they show themselves; the one that comes and goes may be about to leave.
  wait(crew, "all but the two who stay to be out of NAME.readers", [&] {
    return traces_of(names_).readers == std::vector<std::uint64_t>{1, 1};
  });
  State state;
  for (std::size_t i = 0; i < Crew::kResidents; ++i) state.figures[i] = figures_of(crew.member(i).pid);
  state.traces = traces_of(names_);
  return state;
}

bool Soak::was_everything_done(std::uint64_t times) const {
  const Ledger& l = *ledger_;
  return std::min({l.resizes.load(), l.residents_restarts[0].load(), l.residents_restarts[1].load(),
                   l.regular_visits.load() / 10}) >= times;
}

bool Soak::is_late() const { return options_.limit_seconds > 0 && elapsed() >= options_.limit_seconds; }

bool Soak::is_enough(const Crew& crew) const {
  // Nobody learns anything from a storm in which nothing befell anybody.
  const Blows& blows = crew.blows();
  if (std::min({blows.kills, blows.stops, blows.writer_kills, blows.writer_ends}) < kBlowsMin) return false;
  if (!was_everything_done(kTimesInAll)) return false;
  if (!ledger_->deaths_told || !ledger_->ends_told || !ledger_->held) return false;
  return ledger_->published >= options_.frames && ledger_->looked_at >= options_.frames &&
         ledger_->attached >= options_.attachments && elapsed() >= options_.seconds;
}

void Soak::report(const char* when) const {
  const Ledger& l = *ledger_;
  const auto n = [](const Count& count) { return static_cast<unsigned long long>(count.load()); };
  std::printf(
      "%7.0f s %s: %llu frames published, %llu looked at (%llu held), %llu torn, %llu refused (%llu rightly: "
      "other bytes were met); %llu attached, %llu detached; %llu generations, %llu changes followed, %llu "
      "deaths and %llu ends told\n",
      elapsed(), when, n(l.published), n(l.looked_at), n(l.held), n(l.torn), n(l.refused), n(l.met_torn),
      n(l.attached), n(l.detached), n(l.generations), n(l.restarts), n(l.deaths_told), n(l.ends_told));
  std::fflush(stdout);
}

void Soak::judge_traces(const Traces& before, const Traces& after) {
  if (before.files != after.files) {
    std::string files;
    for (const std::string& file : after.files) files += " " + file;
    fail("other files than in the beginning:" + files);
  }
  // The table grows to the most readers that there ever were at once, and no further.
  const std::uint64_t most = SHMV_READERS_HEADER_BYTES + SHMV_READERS_MAX * SHMV_READER_ENTRY_BYTES;
  for (const std::uint64_t bytes : after.entries_bytes)
    if (bytes > most) fail("a table of readers of " + std::to_string(bytes) + " bytes");
}

void Soak::judge(const Crew& crew, const State& before, const State& after) {
  for (std::size_t i = 0; i < Crew::kResidents; ++i) {
    std::printf("%s\n  before: %s\n  after:  %s\n", kMeasured[i], to_text(before.figures[i]).c_str(),
                to_text(after.figures[i]).c_str());
    for (const std::string& more : growth(before.figures[i], after.figures[i]))
      fail(kMeasured[i] + (" " + more));
  }
  judge_traces(before.traces, after.traces);
  const Blows& blows = crew.blows();
  std::printf("%llu processes; %llu readers killed, %llu stopped; %llu writers killed, %llu closed\n",
              static_cast<unsigned long long>(crew.processes()), static_cast<unsigned long long>(blows.kills),
              static_cast<unsigned long long>(blows.stops),
              static_cast<unsigned long long>(blows.writer_kills),
              static_cast<unsigned long long>(blows.writer_ends));
}

bool Soak::run() {
  began_ = seconds_now();
  std::printf("seed %llu\n", static_cast<unsigned long long>(options_.seed));
  {
    Crew crew(options_, names_, fd_, *ledger_, options_.seed);
    // A small storm first: what a process keeps once it did everything for the first time is no growth.
    storm(crew, [&] { return was_everything_done(kTimesBefore) || is_late(); });
    const State before = calm(crew);
    storm(crew, [&] { return is_enough(crew) || is_late(); });
    if (!is_enough(crew) && crew.incidents().empty()) fail("ended before there was enough");
    const State after = calm(crew);
    judge(crew, before, after);
    crew.end_all();
    for (const std::string& incident : crew.incidents()) fail(incident);
  }
  report("in all");
  if (ledger_->torn) fail("torn frames");
  if (ledger_->went_back) fail("numbers that went back");
  if (ledger_->no_slot) fail("a writer without a slot");
  if (!traces_of(names_).files.empty()) fail("files were left behind");
  for (const std::string& reason : reasons_) std::printf("%s\n", reason.c_str());
  std::printf("%s\n", reasons_.empty() ? "PASS" : "FAIL");
  return reasons_.empty();
}

/// What a soak that was broken off leaves is removed, if nobody lives in it.
void remove_leftovers(const std::string& stem) {
  for (const char* suffix : {"-a", "-b"}) {
    try {
      shmvideo::remove_segment(shmvideo::SegmentName(stem + suffix));
    } catch (const shmvideo::Error&) {
      // Nothing there.
    }
  }
}

}  // namespace

bool run(const Options& options) {
  for (const int number : {SIGINT, SIGTERM}) ::signal(number, [](int) { is_interrupted = true; });
  try {
    const bool is_good = Soak(options).run();
    remove_leftovers("soak-" + std::to_string(::getpid()));
    return is_good;
  } catch (...) {
    remove_leftovers("soak-" + std::to_string(::getpid()));
    throw;
  }
}

}  // namespace soak

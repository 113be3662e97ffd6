// SPDX-License-Identifier: Apache-2.0
// What a run came to: plain values, the input of verdict and reports.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/histogram.hpp"

namespace shmvideo::bench {

struct ProcessUse {
  double cpu_percent = 0;  ///< of one core
  std::uint64_t private_bytes = 0;
  std::uint64_t shared_bytes = 0;
  std::int64_t private_growth_bytes = 0;
  unsigned descriptors = 0;
  int descriptor_growth = 0;
  unsigned processes = 0;  ///< that were this client, or the writer, one after the other
};

struct ClientResult {
  std::uint32_t client = 0;
  double fps = 0;         ///< frames a second of the time that it was attached
  double attached_s = 0;  ///< within the window
  std::uint64_t frames = 0;
  std::uint64_t missed = 0;
  std::uint64_t overwritten = 0;  ///< of those missed
  std::uint64_t torn = 0;
  std::uint64_t misnumbered = 0;
  std::uint64_t disordered = 0;
  std::uint64_t checked = 0;
  std::uint64_t lives = 0;
  std::uint64_t restarts = 0;
  bool is_observer = false;
  bool is_excused = false;  ///< it died by itself, which is a reason of its own
  Histogram latency;
  ProcessUse use;
};

struct WriterResult {
  bool is_own = false;
  std::uint64_t published = 0;  ///< in the window
  double fps = 0;
  double nominal_fps = 0;  ///< 0: unknown, or as fast as it goes
  std::uint64_t late = 0;
  std::uint64_t revoked = 0;
  std::uint64_t dropped = 0;
  double fill_ms = 0;  ///< on average, to fill a frame; own writer only
  ProcessUse use;
};

struct Result {
  // What was asked for.
  std::string segment;
  std::string picture;  ///< "1920x1080 BGR24"
  std::string source;
  std::string grade;
  std::string order;
  std::string content;  ///< how it was checked: "stamps"
  std::uint64_t seed = 0;
  double warmup_s = 0;
  double wanted_s = 0;  ///< how long it was to last
  bool is_churning = false;
  bool is_chaotic = false;
  bool is_fast = false;
  bool is_newest = false;
  std::uint64_t segment_bytes = 0;

  // What came of it.
  double duration_s = 0;
  bool ended_early = false;
  std::vector<ClientResult> clients;
  WriterResult writer;
  std::uint64_t pauses = 0;
  std::uint64_t kills = 0;
  std::uint64_t writer_restarts = 0;
  std::uint64_t proportional_bytes = 0;  ///< of all clients at the end, shared pages divided
  std::vector<std::string> incidents;    ///< sentences on what went wrong with a process
  std::vector<std::string> files_left;

  // Where.
  unsigned cores = 0;
  double busy_percent = 0;    ///< of the whole machine
  double others_percent = 0;  ///< of that: by programs that are not ours
};

/// All clients together.
struct Totals {
  std::uint64_t frames = 0;
  std::uint64_t missed = 0;
  std::uint64_t overwritten = 0;
  std::uint64_t torn = 0;
  std::uint64_t misnumbered = 0;
  std::uint64_t disordered = 0;
  std::uint64_t checked = 0;
  std::uint64_t observers = 0;
  double fps_min = 0;
  double fps_median = 0;
  double fps_max = 0;
  double cpu_percent = 0;
  Histogram latency;
};
Totals totals_of(const Result& result);

/// "client 3", "clients 3, 7, 9 and 4 more"; empty for none.
std::string names_of(const std::vector<std::uint32_t>& clients);

}  // namespace shmvideo::bench

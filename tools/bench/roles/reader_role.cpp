// SPDX-License-Identifier: Apache-2.0
#include "roles/reader_role.hpp"

#include <memory>
#include <random>

#include "ledger/client_counts.hpp"
#include "ledger/clock.hpp"
#include "ledger/content.hpp"
#include "shmvideo/error.hpp"
#include "shmvideo/reader.hpp"

namespace shmvideo::bench {
namespace {

using namespace std::chrono_literals;
using Nanoseconds = std::chrono::nanoseconds;

/// How long a wait may keep a client from noticing that it is to stop.
constexpr auto kSlice = 50ms;
/// How long a segment may be absent while its writer is restarted.
constexpr auto kAttachPatience = 30s;
/// What a client that is told to stop may take for the frames that are there already.
constexpr auto kDrainPatience = 500ms;

class Client {
 public:
  Client(const Ledger& ledger, std::uint32_t index, toolkit::ToolContext& context)
      : settings_(ledger.settings()),
        window_(ledger.window()),
        page_(ledger.client(index)),
        context_(context),
        chance_(settings_.seed + 0x9e3779b97f4a7c15U * (index + 1) + page_.lives.get()) {}

  void run() {
    for (;;) {
      const std::uint64_t end = settings_.is_churning ? monotonic_ns() + between(200ms, 3s) : UINT64_MAX;
      live_until(end);
      if (context_.stop.is_set() || !settings_.is_churning) return;
      // Both kinds of coming back: by a new process, and in this one.
      if (chance_() % 2 == 0) break;
      if (context_.stop.wait_for(Nanoseconds(between(0ms, 200ms)))) return;
    }
    page_.is_leaving.set(1);
  }

 private:
  std::uint64_t between(Nanoseconds low, Nanoseconds high) {
    return std::uniform_int_distribution<std::uint64_t>(low.count(), high.count())(chance_);
  }

  /// Nothing if it was told to stop meanwhile.
  std::unique_ptr<Reader> attach() {
    ReaderOptions options;
    options.grade = settings_.grade;
    options.order = settings_.order;
    options.start = settings_.order == Order::in_order ? Start::next : Start::newest;
    options.attach_timeout = kSlice;
    options.program = context_.name;
    options.guard = &context_.guard;
    const std::uint64_t deadline = monotonic_ns() + Nanoseconds(kAttachPatience).count();
    while (!context_.stop.is_set()) {
      try {
        return Reader::attach(SegmentName(settings_.segment), options);
      } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found || monotonic_ns() >= deadline) throw;
      }
    }
    return nullptr;
  }

  void live_until(std::uint64_t end) {
    const auto reader = attach();
    if (!reader) return;
    page_.lives.add(1);
    page_.is_observer.set(settings_.grade == Grade::hold && !reader->statistics().is_present);
    ClientCounts counts(page_, window_, monotonic_ns());
    ContentCheck check(settings_.content);
    while (!context_.stop.is_set() && monotonic_ns() < end) take(*reader, counts, check, kSlice);
    // Frames of the window that are there already, or this client would seem to have missed them.
    const std::uint64_t patience = monotonic_ns() + Nanoseconds(kDrainPatience).count();
    while (context_.stop.is_set() && monotonic_ns() < patience && take(*reader, counts, check, 0ns)) continue;
    counts.detach(monotonic_ns());
  }

  /// False if there was no frame in time.
  bool take(Reader& reader, ClientCounts& counts, ContentCheck& check, Nanoseconds timeout) {
    if (reader.next(frame_, timeout) != ReadStatus::frame) return false;
    const std::uint64_t now = monotonic_ns();
    counts.arrive(frame_.info(), reader.statistics().restarts, now);
    bool is_whole = true;
    std::span<const std::byte> bytes = frame_.bytes();
    if (settings_.grade == Grade::copy) {
      // The copy that this grade is about.
      copy_.resize(bytes.size());
      is_whole = frame_.copy_to(copy_);
      bytes = copy_;
    }
    const Finding finding = is_whole ? check.look(frame_.info(), bytes) : Finding::unchecked;
    if (settings_.grade != Grade::copy) is_whole = frame_.valid();
    if (is_whole) check.accept();
    counts.conclude(is_whole, finding);
    frame_.release();
    return true;
  }

  const Settings& settings_;
  const Window& window_;
  ClientPage& page_;
  toolkit::ToolContext& context_;
  std::mt19937_64 chance_;
  Frame frame_;
  std::vector<std::byte> copy_;
};

}  // namespace

toolkit::ExitCode run_reader(const Ledger& ledger, std::uint32_t client, toolkit::ToolContext& context) {
  ClientPage& page = ledger.client(client);
  page.is_leaving.set(0);
  try {
    Client(ledger, client, context).run();
    return toolkit::ExitCode::done;
  } catch (const std::exception& error) {
    page.complaint.set(error.what());
    return toolkit::ExitCode::failed;
  }
}

}  // namespace shmvideo::bench

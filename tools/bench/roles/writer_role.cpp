// SPDX-License-Identifier: Apache-2.0
#include "roles/writer_role.hpp"

#include <algorithm>
#include <memory>

#include "ledger/clock.hpp"
#include "ledger/stamp.hpp"
#include "shmvideo/error.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/writer.hpp"
#include "source/pacer.hpp"

namespace shmvideo::bench {
namespace {

class StampWriter {
 public:
  StampWriter(const Ledger& ledger, toolkit::ToolContext& context)
      : settings_(ledger.settings()),
        window_(ledger.window()),
        page_(ledger.writer()),
        context_(context),
        layout_(packed_frame_info(pixel_format_from_fourcc(settings_.fourcc).value_or(PixelFormat::gray8),
                                  settings_.width, settings_.height)),
        writer_(create()) {
    page_.is_ready.set(1);
  }

  void run() {
    const source::FrameRate rate{settings_.fps_numerator, settings_.fps_denominator};
    const std::uint64_t start = monotonic_ns();
    std::uint64_t turn = 0;
    while (!context_.stop.is_set()) {
      publish_one();
      if (settings_.is_fast) continue;
      const auto elapsed = static_cast<std::int64_t>(monotonic_ns() - start);
      ++turn;
      // Turns whose time is over are left out, as a camera would: no bursts.
      const std::uint64_t due = source::frame_at_ns(rate, elapsed);
      if (due > turn && window_.has(monotonic_ns())) page_.late.add(due - turn);
      turn = std::max(turn, due);
      const std::int64_t wait = source::time_of_frame_ns(rate, turn) - elapsed;
      if (wait > 0 && context_.stop.wait_for(std::chrono::nanoseconds(wait))) return;
    }
  }

 private:
  std::unique_ptr<Writer> create() {
    WriterOptions options;
    options.stream = {SHMV_KIND_RAW,
                      layout_.fourcc,
                      layout_.width,
                      layout_.height,
                      settings_.is_fast ? 0 : settings_.fps_numerator,
                      settings_.fps_denominator};
    options.slots = settings_.slots;
    options.slot_capacity_bytes = layout_.payload_bytes;
    options.program = context_.name;
    options.source = "stamped frames";
    options.guard = &context_.guard;
    options.is_cancelled = [this] { return context_.stop.is_set(); };
    return Writer::create(SegmentName(settings_.segment), options);
  }

  void publish_one() {
    const WriterStatistics before = writer_->statistics();
    Writer::Loan loan = writer_->loan();
    if (!loan) {
      page_.no_slot.add(1);
      return;
    }
    const std::uint64_t began = monotonic_ns();
    fill_stamps(loan.bytes().first(layout_.payload_bytes), stamp_seed(before.latest + 1, settings_.epoch));
    const std::uint64_t filled = monotonic_ns();
    FrameInfo info = layout_;
    info.source_number = settings_.epoch;
    if (loan.publish(info) != PublishStatus::published || !window_.has(filled)) return;
    page_.published.add(1);
    page_.fill_ns.add(filled - began);
    page_.revoked.add(writer_->statistics().revoked - before.revoked);
  }

  const Settings& settings_;
  const Window& window_;
  WriterPage& page_;
  toolkit::ToolContext& context_;
  const FrameInfo layout_;
  const std::unique_ptr<Writer> writer_;
};

}  // namespace

toolkit::ExitCode run_writer(const Ledger& ledger, toolkit::ToolContext& context) {
  try {
    StampWriter(ledger, context).run();
    return toolkit::ExitCode::done;
  } catch (const std::exception& error) {
    if (context.stop.is_set()) return toolkit::ExitCode::done;  // told to stop while it made the segment
    ledger.writer().complaint.set(error.what());
    return toolkit::ExitCode::failed;
  }
}

}  // namespace shmvideo::bench

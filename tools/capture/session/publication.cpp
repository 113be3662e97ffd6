// SPDX-License-Identifier: Apache-2.0
#include "session/publication.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "shmvideo/error.hpp"
#include "shmvideo/pixel_format.hpp"

namespace shmvideo::capture {
namespace {

using namespace std::chrono_literals;
using source::FillStatus;
using Clock = std::chrono::steady_clock;

/// Who holds the gate is publishing, or making a segment, which a stop ends soon.
constexpr auto kGatePatience = 2s;
/// A source that changes its format with every look has no format.
constexpr int kFormatChangesMax = 3;
/// Raw frames are large, and a few do; coded ones are small, and readers look for the newest key frame.
constexpr std::uint32_t kSlotsRaw = 6;
constexpr std::uint32_t kSlotsCoded = 30;

}  // namespace

Publication::Publication(SegmentName name, WriterOptions options, toolkit::Log& log)
    : name_(std::move(name)), options_(std::move(options)), log_(log) {}

Writer* Publication::writer() const noexcept {
  const std::lock_guard lock(state_mutex_);
  return writer_.get();
}

bool Publication::prepare(const SupervisedSource& source) {
  return writer_ ? fit(source.description()) : create(source.description());
}

bool Publication::create(const source::SourceDescription& description) {
  if (options_.slots == 0) {
    options_.slots = description.stream.kind == SHMV_KIND_CODED ? kSlotsCoded : kSlotsRaw;
  }
  options_.stream = description.stream;
  options_.slot_capacity_bytes = description.payload_bytes;
  options_.source = description.name;
  const std::lock_guard gate(gate_);
  if (is_shut_) return false;
  auto fresh = Writer::create(name_, options_);
  {
    const std::lock_guard lock(state_mutex_);
    writer_ = std::move(fresh);
    started_at_ = std::chrono::steady_clock::now();
  }
  note_extradata(description);
  tell_start();
  return true;
}

/// False when it is shut.
bool Publication::fit(const source::SourceDescription& description) {
  const std::lock_guard gate(gate_);
  if (is_shut_) return false;
  const StreamInfo before = std::exchange(options_.stream, description.stream);
  writer_->set_source(description.name);
  writer_->reserve(description.stream, description.payload_bytes);
  if (before.width != description.stream.width || before.height != description.stream.height) {
    log_.info("the picture is {}x{} now", description.stream.width, description.stream.height);
  }
  note_extradata(description);
  return true;
}

void Publication::note_extradata(const source::SourceDescription& description) {
  if (description.extradata == extradata_) return;
  extradata_ = description.extradata;
  if (!writer_->set_extradata(extradata_)) {
    log_.warn("{}: its codec parameters are too long for a segment; who joins late may not decode it",
              description.name);
  }
}

void Publication::tell_start() const {
  const StreamInfo& stream = options_.stream;
  const auto format = pixel_format_from_fourcc(stream.fourcc);
  const double rate =
      stream.fps_numerator > 0 ? static_cast<double>(stream.fps_numerator) / stream.fps_denominator : 0;
  const Place& place = writer_->place();
  if (place.is_private) log_.warn("falling back to {}: {}", place.directory.string(), place.reason);
  log_.info("publishing {} as {} in {}: {}x{} {}{}, {} slots", options_.source, name_.str(),
            place.directory.string(), stream.width, stream.height, format ? info_of(*format).name : "?",
            rate > 0 ? fmt::format(" at {:g}/s", rate) : "", writer_->slots());
}

void Publication::count_skipped(const SupervisedSource& source) noexcept {
  const std::uint64_t skipped = source.skipped();
  const std::uint64_t fresh = skipped - std::exchange(skipped_, skipped);
  if (fresh == 0) return;
  captured_ += fresh;
  writer_->drop(source.skip_cause(), fresh);
}

/// What the frame cost that was just published.
void Publication::count_cost(const SupervisedSource& source, std::chrono::nanoseconds converting) noexcept {
  if (const auto read_ns = source.read_ns()) writer_->add_stage_time(Stage::read, *read_ns);
  writer_->add_stage_time(Stage::convert, static_cast<std::uint64_t>(converting.count()));
}

void Publication::end_source(const SupervisedSource& source) noexcept {
  const std::uint64_t skipped_after_frame = source.skipped() - skipped_;
  number_base_ = std::max(number_base_, number_) + skipped_after_frame;
  is_discontinuous_ = true;
  const std::lock_guard gate(gate_);
  if (writer_ && !is_shut_) count_skipped(source);
  skipped_ = 0;
}

Delivery Publication::deliver(SupervisedSource& source) {
  ++captured_;
  for (int change = 0; change <= kFormatChangesMax; ++change) {
    if (const auto delivery = deliver_one(source)) return *delivery;
    if (!fit(source.description())) return Delivery::shut;
  }
  const std::lock_guard gate(gate_);
  if (is_shut_) return Delivery::shut;
  writer_->drop(DropCause::corrupt);
  return Delivery::dropped;
}

/// False when it is shut. Without a slot the loan stays empty, and the frame is counted as dropped.
bool Publication::borrow(const SupervisedSource& source, Writer::Loan& loan, FrameInfo& info) {
  const std::lock_guard gate(gate_);
  if (is_shut_) return false;
  count_skipped(source);
  info.number = writer_->statistics().latest + 1;
  loan = writer_->loan();
  return true;
}

/// Nothing if the segment must be made for another format first; the frame is still there then.
std::optional<Delivery> Publication::deliver_one(SupervisedSource& source) {
  Writer::Loan borrowed;
  FrameInfo info;
  if (!borrow(source, borrowed, info)) return Delivery::shut;
  if (!borrowed) return Delivery::dropped;
  const auto began = Clock::now();
  const FillStatus status = source.fill(borrowed.bytes(), info);
  const auto converting = Clock::now() - began;

  const std::lock_guard gate(gate_);
  Writer::Loan loan = std::move(borrowed);  // so that it ends within the gate
  if (is_shut_) return Delivery::shut;
  switch (status) {
    case FillStatus::filled:
      break;
    case FillStatus::corrupt:
      writer_->drop(DropCause::corrupt);
      return Delivery::dropped;
    case FillStatus::format_changed:
      return std::nullopt;
  }
  if (info.source_number != 0) number_ = info.source_number += number_base_;
  if (is_discontinuous_) info.flags |= SHMV_FRAME_DISCONTINUITY;
  if (loan.publish(info) != PublishStatus::published) return Delivery::dropped;
  is_discontinuous_ = false;
  count_cost(source, converting);
  return Delivery::published;
}

void Publication::set_source_state(SourceState state) noexcept {
  if (Writer* const segment = writer()) segment->set_source_state(state);
}

void Publication::turn() noexcept {
  if (Writer* const segment = writer()) segment->progress();
}

void Publication::count_reopening() noexcept {
  if (Writer* const segment = writer()) segment->count_reopening();
}

Progress Publication::progress() const {
  const Writer* const segment = writer();
  return {captured_, segment ? segment->statistics() : WriterStatistics{}};
}

std::optional<std::chrono::steady_clock::time_point> Publication::started_at() const {
  const std::lock_guard lock(state_mutex_);
  return started_at_;
}

void Publication::close() noexcept {
  // By trying, not by a timed_mutex, whose locking ThreadSanitizer does not see.
  const auto deadline = std::chrono::steady_clock::now() + kGatePatience;
  std::unique_lock gate(gate_, std::try_to_lock);
  while (!gate.owns_lock()) {
    // Whoever is in there uses the writer; closing it under his hands would be worse than a segment
    // that stays behind as that of a dead writer, which the next one replaces.
    if (std::chrono::steady_clock::now() > deadline) return;
    std::this_thread::sleep_for(1ms);
    static_cast<void>(gate.try_lock());
  }
  is_shut_ = true;
  if (writer_) writer_->close();
}

}  // namespace shmvideo::capture

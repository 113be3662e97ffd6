// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/frame_taker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "segment/clock.hpp"
#include "shmvideo/error.hpp"
#include "shmvideo/pixel_format.hpp"

namespace shmvideo::sink {
namespace {

using namespace std::chrono_literals;

/// How long a wish to stop may go unnoticed.
constexpr auto kSlice = 50ms;

/// The nominal rate, if it is one that a container can state.
Tick rate_of(const StreamInfo& stream) {
  constexpr std::uint32_t kMost = 1'000'000;
  const bool is_stated = stream.fps_numerator > 0 && stream.fps_denominator > 0 &&
                         stream.fps_numerator <= kMost && stream.fps_denominator <= kMost;
  return is_stated ? Tick{stream.fps_denominator, stream.fps_numerator} : Tick{1, 0};
}

/// A matrix that decoders know; BT.601 where nothing, or nonsense, is said, for that is what we convert to.
std::uint8_t matrix_of(const FrameInfo& info, PixelFormat format) {
  constexpr std::uint8_t kBt601 = 6;
  constexpr std::uint8_t kKnown[] = {1, 5, 6, 7, 9};
  const bool is_yuv = format != PixelFormat::bgr24 && format != PixelFormat::rgb24;
  const bool is_known = std::ranges::find(kKnown, info.colour_matrix) != std::end(kKnown);
  return is_yuv && is_known ? info.colour_matrix : kBt601;
}

/// How much later than decoded a frame is shown, from the stream's own times.
std::uint64_t presented_after(const FrameInfo& info) {
  constexpr std::uint64_t kMostNs = 10'000'000'000;
  if (info.pts == SHMV_NO_TIME || info.dts == SHMV_NO_TIME || info.pts <= info.dts) return 0;
  if (info.timebase_numerator == 0 || info.timebase_denominator == 0) return 0;
  const double ticks = static_cast<double>(info.pts) - static_cast<double>(info.dts);
  const double ns = ticks * 1e9 * info.timebase_numerator / info.timebase_denominator;
  return ns < static_cast<double>(kMostNs) ? static_cast<std::uint64_t>(ns) : 0;
}

}  // namespace

FrameTaker::FrameTaker(TakingOptions options, FramePool& pool, EventLog log)
    : options_(std::move(options)), pool_(pool), log_(std::move(log)) {}

FrameTaker::~FrameTaker() = default;

void FrameTaker::attach_once() {
  ReaderOptions reader;
  reader.order = Order::in_order;
  reader.start = Start::next;
  reader.program = options_.program;
  reader.guard = options_.guard;
  reader_ = Reader::attach(options_.name, reader);
  if (reader_->stream().kind != SHMV_KIND_CODED) return;
  reader.start = Start::key;
  reader_.reset();  // its entry among the readers is free again
  reader_ = Reader::attach(options_.name, reader);
  reader_->request_key();
}

/// False if it was stopped meanwhile.
bool FrameTaker::attach() {
  const auto deadline = Clock::now() + options_.timeout;
  while (!is_stopping_) {
    try {
      attach_once();
      attached_at_ = Clock::now();
      return true;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found || Clock::now() >= deadline) throw;
    }
    std::this_thread::sleep_for(kSlice);
  }
  return false;
}

void FrameTaker::run() {
  if (!attach()) return;
  Frame frame;
  while (!is_over()) {
    const ReadStatus status = reader_->next(frame, patience());
    if (is_stopping_) return;
    if (status != ReadStatus::frame) {
      if (!goes_on_without_frame(status)) return;
      continue;
    }
    told_ = status;
    note_generation();
    count_missed();
    if (!take(frame)) return;
    frame.release();
  }
}

bool FrameTaker::is_over() const {
  if (is_stopping_ || (options_.count && taken_ >= *options_.count)) return true;
  return options_.duration && taken_ > 0 && Clock::now() >= first_taken_at_ + *options_.duration;
}

std::chrono::nanoseconds FrameTaker::patience() const {
  if (!options_.duration || taken_ == 0) return kSlice;
  const auto left = first_taken_at_ + *options_.duration - Clock::now();
  return std::clamp<std::chrono::nanoseconds>(left, 0ns, kSlice);
}

bool FrameTaker::goes_on_without_frame(ReadStatus status) {
  const std::string& name = options_.name.str();
  const bool is_gone = status == ReadStatus::closed || status == ReadStatus::writer_gone;
  if (status == ReadStatus::closed && !options_.follows && taken_ + unusable_ > 0) {
    if (taken_ > 0) return false;
    throw Error(
        ErrorCode::source_failed,
        fmt::format("none of the {} frames of '{}' is one that can be recorded", unusable_.load(), name));
  }
  if (is_gone && taken_ == 0 && Clock::now() >= attached_at_ + options_.timeout) {
    throw Error(ErrorCode::not_found,
                fmt::format("'{}' has no writer that lives; start one, or wait longer with "
                            "--timeout",
                            name));
  }
  if (std::exchange(told_, status) == status) return true;
  if (status == ReadStatus::closed) {
    log_(EventLevel::info, fmt::format("the writer of {} has stopped; waiting for the next", name));
  } else if (status == ReadStatus::writer_gone) {
    log_(EventLevel::warn, fmt::format("the writer of {} died; waiting for another", name));
  } else if (status == ReadStatus::stalled) {
    log_(EventLevel::warn, fmt::format("the writer of {} publishes nothing; waiting for it", name));
  } else if (status == ReadStatus::timeout) {
    log_(EventLevel::debug, fmt::format("waiting for frames of {}", name));
  }
  return true;
}

void FrameTaker::note_generation() {
  const std::uint64_t generation = reader_->generation();
  if (has_generation_ && generation == generation_) return;
  generation_ = generation;
  has_generation_ = true;
  const StreamInfo stream = reader_->stream();
  rate_ = rate_of(stream);
  extradata_.reset();
  if (stream.kind == SHMV_KIND_CODED) {
    extradata_ = std::make_shared<const std::vector<std::byte>>(reader_->extradata());
  }
}

void FrameTaker::count_missed() {
  const ReaderStatistics statistics = reader_->statistics();
  const std::uint64_t missed = statistics.missed - std::exchange(missed_before_, statistics.missed);
  (std::exchange(was_full_, false) ? missed_full_ : missed_slow_) += missed;
  restarts_ = statistics.restarts;
}

/// False if it was stopped meanwhile, or the time is over.
bool FrameTaker::take(const Frame& frame) {
  const FrameInfo& info = frame.info();
  const auto format = pixel_format_from_fourcc(info.fourcc);
  std::optional<FrameShape> shape;
  if (format && is_coded(*format)) {
    shape = FrameShape{*format, info.width, info.height, false};
  } else if (const auto picture = as_picture(info, frame.bytes())) {
    shape = FrameShape{picture->format, picture->width, picture->height, picture->is_full_range};
  }
  if (!shape || frame.bytes().empty()) {
    ++unusable_;
    return true;
  }
  if (!shape_ || *shape_ != *shape) {
    plan_ = plan_frame(options_.container, options_.codec, *shape);
    shape_ = shape;
  }
  frame_ns_ = credible_time(info.capture_monotonic_ns, monotonic_ns());
  const std::uint64_t since_first = frame_ns_ - std::min(first_ns_, frame_ns_);
  if (options_.duration && taken_ > 0 &&
      since_first >= static_cast<std::uint64_t>(options_.duration->count())) {
    return false;
  }
  const bool is_copied = plan_.treatment == Treatment::copy;
  const std::size_t bytes = is_copied
                                ? frame.bytes().size()
                                : packed_frame_info(plan_.format, plan_.width, plan_.height).payload_bytes;
  RecordedFrame* to = empty_for(bytes);
  if (!to) return false;
  if (!fill(frame, *to)) {
    pool_.give_back(to);
    return true;
  }
  if (taken_ == 0) {
    first_ns_ = frame_ns_;
    first_taken_at_ = Clock::now();
  }
  recorded_ns_ = frame_ns_ - std::min(first_ns_, frame_ns_);
  ++taken_;
  pool_.push(to);
  return true;
}

/// Waits while the queue is full; meanwhile the writer goes round the frame in hand, if it can.
RecordedFrame* FrameTaker::empty_for(std::size_t payload_bytes) {
  while (!is_stopping_) {
    if (RecordedFrame* to = pool_.take_empty(payload_bytes, kSlice, &was_full_)) return to;
  }
  return nullptr;
}

bool FrameTaker::fill(const Frame& frame, RecordedFrame& to) {
  describe(frame.info(), to);
  const bool is_filled = plan_.treatment == Treatment::copy ? fill_coded(frame, to) : fill_raw(frame, to);
  if (!frame.valid()) {
    ++overwritten_;
    needs_key_ = true;
    return false;
  }
  if (!is_filled) ++unusable_;
  return is_filled;
}

void FrameTaker::describe(const FrameInfo& info, RecordedFrame& to) {
  to.plan = plan_;
  to.captured_ns = frame_ns_;
  to.captured_realtime_ns = info.capture_realtime_ns;
  to.presented_after_ns = presented_after(info);
  to.is_key = info.is_key();
  to.colour_matrix = matrix_of(info, shape_->format);
  to.rate = rate_;
  to.extradata = extradata_;
}

bool FrameTaker::fill_coded(const Frame& frame, RecordedFrame& to) {
  if (needs_key_ && !frame.info().is_key()) return false;
  to.payload_bytes = frame.bytes().size();
  // The one copy: the muxer works later, and the slot is the writer's.
  if (!frame.copy_to({to.memory.data(), to.payload_bytes})) return false;
  to.memory.set_end(to.payload_bytes);
  const std::byte* bytes = to.memory.data();
  const bool is_jpeg = plan_.format == PixelFormat::jpeg;
  if (is_jpeg && (to.payload_bytes < 4 || bytes[0] != std::byte{0xff} || bytes[1] != std::byte{0xd8}))
    return false;
  needs_key_ = false;
  return true;
}

bool FrameTaker::fill_raw(const Frame& frame, RecordedFrame& to) {
  auto from = as_picture(frame.info(), frame.bytes());
  const auto picture = to.picture();
  if (!from || !picture) return false;
  from->width = plan_.width;  // H.264 leaves out an odd column and row
  from->height = plan_.height;
  to.payload_bytes = packed_frame_info(plan_.format, plan_.width, plan_.height).payload_bytes;
  // The one pass over the picture: into what the encoder or the file wants, out of the writer's slot.
  return converter_.convert(*from, *picture);
}

TakingStatistics FrameTaker::statistics() const noexcept {
  return {taken_, missed_full_, missed_slow_, overwritten_, unusable_, restarts_, recorded_ns_};
}

}  // namespace shmvideo::sink

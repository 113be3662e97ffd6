// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/recording_files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "shmvideo/error.hpp"

extern "C" {
#include <libavcodec/packet.h>
}

namespace shmvideo::sink {
namespace {

/// More changes of the picture than this are no recording any more.
constexpr unsigned kPartsMax = 999;
/// What AVI can leave out between two frames, with some distance.
constexpr std::int64_t kAviGapMax = 30000;

bool has_times(Container container) {
  return container == Container::matroska || container == Container::mp4 || container == Container::avi;
}

/// The finest that the container can tell. Those without times count frames.
Tick tick_of(Container container, Tick rate) {
  if (container == Container::matroska) return {1, 1000};
  if (container == Container::mp4) return {1, 90000};
  return rate.denominator > 0 ? rate : Tick{1, 30};
}

/// These keep the newest frames to themselves until a cluster or fragment of them is complete.
bool writes_in_groups(Container container) {
  return container == Container::matroska || container == Container::mp4;
}

std::string text_of(const FramePlan& plan) {
  const std::string_view format = info_of(plan.format).name;
  const std::string_view coding = plan.treatment == Treatment::encode_h264   ? "H.264"
                                  : plan.treatment == Treatment::encode_jpeg ? "JPEG"
                                  : plan.treatment == Treatment::encode_png  ? "PNG"
                                                                             : format;
  return fmt::format("{}x{} as {}", plan.width, plan.height, coding);
}

std::string whole_text(std::uint64_t count, const char* what) {
  if (count == 0) return "nothing that could be played was written";
  if (count == 1) return fmt::format("the first {} is whole", what);
  return fmt::format("the first {} {}s are whole", count, what);
}

}  // namespace

RecordingFiles::RecordingFiles(FileOptions options, EventLog log)
    : options_(std::move(options)), log_(std::move(log)) {
  if (info_of(options_.container).is_by_number) {
    numbered_.emplace(options_.file);
    sink_ = [this](AVPacket& packet) { return write_picture(packet); };
  } else {
    sink_ = [this](AVPacket& packet) { return write(packet); };
  }
}

RecordingFiles::~RecordingFiles() = default;

void RecordingFiles::put(const RecordedFrame& frame) {
  if (!plan_ || *plan_ != frame.plan) open(frame);
  const std::int64_t time = has_times(options_.container) ? timeline_.next(frame.captured_ns)
                                                          : static_cast<std::int64_t>(frames_in_file_);
  if (!track_->put(frame, time, sink_)) fail();
}

void RecordingFiles::open(const RecordedFrame& first) {
  if (plan_ && options_.is_standard_output) {
    close_file();
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("the picture changed from {} to {}, and standard output holds one kind only; with "
                    "-o FILE a new file begins there",
                    text_of(*plan_), text_of(first.plan)));
  }
  if (plan_) close_file();
  plan_ = first.plan;
  const Tick tick = tick_of(options_.container, first.rate);
  timeline_ = Timeline(tick, options_.container == Container::avi ? kAviGapMax : INT64_MAX);
  track_ = make_track(first, options_.coding, tick);
  if (numbered_) {
    log_(EventLevel::info, fmt::format("recording {} to '{}'", text_of(first.plan), options_.file.string()));
    return;
  }
  open_file();
  muxer_ = std::make_unique<Muxer>(
      *file_, Muxer::Options{options_.container, tick, first.rate, first.captured_realtime_ns},
      track_->parameters());
  if (file_->error() != 0) fail();
  log_(EventLevel::info, fmt::format("recording {} to {}", text_of(first.plan), current_name_));
}

void RecordingFiles::open_file() {
  const auto existing = options_.overwrites ? OutputFile::Existing::overwrite : OutputFile::Existing::refuse;
  frames_in_file_ = whole_frames_ = 0;
  if (options_.is_standard_output) {
    file_ = OutputFile::standard_output();
  } else {
    // Later parts take the next name that is free: nobody is there to be asked any more.
    for (;; ++part_) {
      if (part_ > kPartsMax) {
        throw Error(
            ErrorCode::invalid_argument,
            fmt::format("there are {} files of this recording; its picture changes too often", kPartsMax));
      }
      try {
        file_ = OutputFile::create(part_name(options_.file, part_), existing);
        break;
      } catch (const Error& error) {
        if (error.system_errno() != EEXIST || part_ == 0) throw;
      }
    }
    ++part_;
  }
  current_name_ = file_->name();
  ++files_;
}

bool RecordingFiles::write(AVPacket& packet) {
  const std::int64_t before = file_->whole_size();
  const bool is_written = muxer_->write(packet);
  bytes_of_this_ = static_cast<std::uint64_t>(file_->whole_size());
  if (!is_written) return false;
  ++frames_in_file_;
  ++frames_;
  if (file_->whole_size() > before) {
    whole_frames_ = frames_in_file_ - (writes_in_groups(options_.container) ? 1 : 0);
  }
  return true;
}

bool RecordingFiles::write_picture(AVPacket& packet) {
  const auto name = numbered_->at(frames_ + 1);
  file_ = OutputFile::create(
      name, options_.overwrites ? OutputFile::Existing::overwrite : OutputFile::Existing::refuse);
  file_->write({reinterpret_cast<const std::byte*>(packet.data), static_cast<std::size_t>(packet.size)});
  if (file_->close() != 0) {
    std::error_code ignored;
    std::filesystem::remove(name, ignored);  // half a picture is none
    return false;
  }
  current_name_ = file_->name();
  bytes_before_ += static_cast<std::uint64_t>(file_->size());
  ++frames_in_file_;
  whole_frames_ = ++frames_;
  ++files_;
  return true;
}

void RecordingFiles::close_file() {
  if (!track_) return;
  if (!numbered_ && !muxer_) {  // it never began
    track_.reset();
    return;
  }
  const bool is_drained = track_->drain(sink_);
  track_.reset();
  if (numbered_) {
    if (!is_drained) fail();
    return;
  }
  const bool is_finished = is_drained && muxer_->finish();
  muxer_.reset();
  const bool is_closed = file_->close() == 0;
  bytes_of_this_ = 0;
  bytes_before_ += static_cast<std::uint64_t>(file_->whole_size());
  if (!is_finished || !is_closed) fail();
}

void RecordingFiles::finish() { close_file(); }

void RecordingFiles::fail() {
  const int reason = file_->error();
  track_.reset();
  muxer_.reset();
  file_->close();
  if (options_.is_standard_output && reason == EPIPE) {
    throw Error(ErrorCode::system,
                fmt::format("standard output was closed by its reader after {} frames", frames_in_file_),
                reason);
  }
  frames_ -= frames_in_file_ - whole_frames_;  // they were cut off
  throw Error(
      ErrorCode::system,
      fmt::format("cannot write {}{}: {}; {}", options_.is_standard_output ? "to " : "", file_->name(),
                  std::strerror(reason), whole_text(whole_frames_, numbered_ ? "file" : "frame")),
      reason);
}

}  // namespace shmvideo::sink

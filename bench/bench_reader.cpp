// SPDX-License-Identifier: Apache-2.0
// What reading costs the reader: next() by itself, and going through a whole frame in place (held or
// observed) or copying it, beside bare shared pages that another process filled.
#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "shmvideo/reader.hpp"
#include "shmvideo/writer.hpp"
#include "support/bare_futex.hpp"
#include "support/bench_place.hpp"
#include "support/crowd.hpp"
#include "support/effort.hpp"
#include "support/numbers.hpp"
#include "support/shared_pages.hpp"
#include "support/streaming_copy.hpp"

using namespace shmvideo_bench;

namespace {

using shmvideo::Grade;

std::unique_ptr<shmvideo::Writer> create_writer(const std::string& name, unsigned slots, std::size_t bytes) {
  shmvideo::WriterOptions options;
  options.slots = slots;
  options.slot_capacity_bytes = bytes;
  return shmvideo::Writer::create(shmvideo::SegmentName(name), options);
}

std::unique_ptr<shmvideo::Reader> attach(const std::string& name, Grade grade) {
  shmvideo::ReaderOptions options;
  options.grade = grade;
  options.start = shmvideo::Start::next;
  options.attach_timeout = std::chrono::seconds(30);
  options.program = "bench_reader";
  return shmvideo::Reader::attach(shmvideo::SegmentName(name), options);
}

shmvideo::FrameInfo opaque(std::size_t bytes) {
  shmvideo::FrameInfo info;
  info.payload_bytes = bytes;
  info.fourcc = shmvideo::make_fourcc('B', 'N', 'C', 'H');
  return info;
}

/// Nanoseconds of what `step` does; `prepare` is not counted.
template <typename Prepare, typename Step>
std::vector<double> time_each(unsigned count, const Prepare& prepare, const Step& step) {
  std::vector<double> times;
  for (unsigned i = 0; i < count; ++i) {
    prepare();
    const std::uint64_t start = now_ns();
    step();
    times.push_back(static_cast<double>(now_ns() - start));
  }
  return times;
}

/// next() and release() of a frame that is there.
void time_next(const Effort& effort, const std::filesystem::path& place) {
  constexpr std::size_t kBytes = 4096;
  fmt::print("### What next() and release() of a waiting frame cost\n\nns; p50 / p99\n\n");
  const Table table({"slots", "clock read twice", "two pwrite of 8 bytes", "observer", "holding reader"});
  const unsigned count = effort.scaled(20000, 100);
  const SharedPages file(place, kBytes);
  const std::vector<std::byte> payload(kBytes);
  const auto nothing = [] {};
  for (const unsigned slots : {3U, 6U, 30U, 300U}) {
    const auto writer = create_writer("next", slots, kBytes);
    const auto publish = [&] { writer->publish(opaque(kBytes), payload); };
    std::vector<std::string> cells{std::to_string(slots),
                                   middle_and_tail(time_each(count, nothing, nothing))};
    cells.push_back(middle_and_tail(time_each(count, publish, [&] {
      for (int i = 0; i < 2; ++i)
        if (::pwrite(file.fd(), payload.data(), 8, 64) != 8) throw std::runtime_error("pwrite failed");
    })));
    for (const Grade grade : {Grade::observe, Grade::hold}) {
      const auto reader = attach("next", grade);
      shmvideo::Frame frame;
      cells.push_back(middle_and_tail(time_each(count, publish, [&] {
        reader->next(frame, std::chrono::nanoseconds(0));
        frame.release();
      })));
    }
    table.row(cells);
  }
}

constexpr std::size_t kPictureBytes = 6'220'800;
constexpr unsigned kSlots = 6;
constexpr unsigned kHertz = 60;

/// How the picture gets to the other process and what that does with it.
enum Way : unsigned {
  kTouchPages,
  kTouchStreamed,
  kTouchObserved,
  kTouchHeld,
  kCopyPages,
  kCopyFrame,
  kWays
};
constexpr std::array<const char*, kWays> kWayNames{"every cache line of bare pages, after memcpy",
                                                   "the same after streaming stores",
                                                   "observed frame",
                                                   "held frame",
                                                   "copy out of bare pages",
                                                   "copy_to()"};
constexpr std::array<Way, kWays> kBaseline{kTouchPages, kTouchPages, kTouchPages,
                                           kTouchPages, kCopyPages,  kCopyPages};

bool is_bare(unsigned way) { return way == kTouchPages || way == kTouchStreamed || way == kCopyPages; }

std::uint64_t touch(std::span<const std::byte> bytes) {
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 64) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    sum += word;
  }
  return sum;
}

class OtherProcess {
 public:
  OtherProcess(BareFutex& futex, const SharedPages& pages, float* reading_us, unsigned frames)
      : futex_(futex),
        pages_(pages),
        reading_us_(reading_us),
        frames_(frames),
        observer_(attach("picture", Grade::observe)),
        holder_(attach("picture", Grade::hold)),
        own_(kPictureBytes) {
    pages_.touch_all();
  }

  void run(unsigned way) {
    std::uint32_t seen = futex_.word.load();
    shmvideo::Frame frame;
    shmvideo::Reader& reader = way == kTouchObserved ? *observer_ : *holder_;
    reader.next(frame, std::chrono::nanoseconds(0));  // the last one of an earlier phase
    frame.release();
    Crowd::arrive();
    for (unsigned index = 0; index < frames_; ++index) {
      std::span<const std::byte> bytes;
      if (is_bare(way)) {
        seen = futex_.wait(seen);
        bytes = pages_.bytes().subspan(seen % kSlots * kPictureBytes, kPictureBytes);
      } else if (reader.next(frame, kPatience) == shmvideo::ReadStatus::frame) {
        bytes = frame.bytes();
      }
      const std::uint64_t start = now_ns();
      // An observed frame may be overwritten, on a busy machine: then there is nothing to time.
      if (use(way, bytes, frame)) reading_us_[index] = static_cast<float>(now_ns() - start) * 1e-3F;
    }
  }

 private:
  bool use(unsigned way, std::span<const std::byte> bytes, const shmvideo::Frame& frame) {
    if (way == kCopyFrame) return frame.copy_to(own_);
    if (way == kCopyPages)
      std::memcpy(own_.data(), bytes.data(), bytes.size());
    else
      sum_ = sum_ + touch(bytes);
    return is_bare(way) || frame.valid();
  }

  BareFutex& futex_;
  const SharedPages& pages_;
  float* reading_us_;
  unsigned frames_;
  std::unique_ptr<shmvideo::Reader> observer_;
  std::unique_ptr<shmvideo::Reader> holder_;
  std::vector<std::byte> own_;
  volatile std::uint64_t sum_ = 0;
};

void write_frames(unsigned way, unsigned frames, BareFutex& futex, const SharedPages& pages,
                  shmvideo::Writer& writer, std::vector<std::byte>& source) {
  const std::uint64_t began = now_ns();
  for (unsigned index = 0; index < frames; ++index) {
    sleep_until(began + (index + 1) * 1'000'000'000ULL / kHertz);
    std::memset(source.data(), static_cast<int>(index % 251), source.size());
    if (!is_bare(way)) {
      writer.publish(opaque(kPictureBytes), source);
      continue;
    }
    std::byte* const to = pages.bytes().data() + (futex.word.load() + 1) % kSlots * kPictureBytes;
    if (way == kTouchStreamed)
      streaming_copy(to, source.data(), source.size());
    else
      std::memcpy(to, source.data(), source.size());
    futex.advance(now_ns());
    futex.wake_all();
  }
}

void time_pictures(const Effort& effort, const std::filesystem::path& place) {
  const unsigned frames = effort.scaled(90, 3);
  const SharedArray<BareFutex> futex(1);
  const SharedArray<float> noted(frames);
  const SharedPages pages(place, kPictureBytes * kSlots);
  Crowd crowd(1, [&](unsigned) {
    OtherProcess other(futex[0], pages, &noted[0], frames);
    for (unsigned turn = 0; turn < effort.repetitions() * kWays; ++turn) other.run(turn % kWays);
    Crowd::arrive_and_stay();
  });
  const auto writer = create_writer("picture", kSlots, kPictureBytes);
  std::vector<std::byte> source(kPictureBytes);
  std::array<std::vector<double>, kWays> all;
  std::array<std::vector<double>, kWays> ratios;
  std::array<double, kWays> medians{};
  crowd.gather();
  for (unsigned turn = 0; turn < effort.repetitions() * kWays; ++turn) {
    const unsigned way = turn % kWays;
    effort.wait_for_rest();
    write_frames(way, frames, futex[0], pages, *writer, source);
    crowd.gather();
    std::vector<double> times;
    for (unsigned i = 0; i < frames; ++i)
      if (const float time = std::exchange(noted[i], 0.0F); time > 0)
        times.push_back(static_cast<double>(time));
    all[way].insert(all[way].end(), times.begin(), times.end());
    medians[way] = median(times);
    ratios[way].push_back(medians[way] / medians[kBaseline[way]]);
  }
  crowd.join();
  fmt::print(
      "\n### Reading a 1080p BGR24 frame that another process just wrote, {} Hz\n\n"
      "us; p50 / p99; ratio to bare pages in each of {} repetitions: min / median / max\n\n",
      kHertz, effort.repetitions());
  const Table table({"what", "time", "ratio"});
  for (unsigned way = 0; way < kWays; ++way)
    table.row({kWayNames[way], middle_and_tail(all[way]),
               way == kBaseline[way] ? "-" : to_text(spread_of(ratios[way]))});
}

}  // namespace

int main(int argc, char** argv) try {
  const Effort effort = Effort::from(argc, argv);
  const BenchPlace place;
  time_next(effort, place.path());
  time_pictures(effort, place.path());
} catch (const std::exception& error) {
  fmt::print(stderr, "bench_reader: {}\n", error.what());
  return 1;
}

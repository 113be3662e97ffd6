// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <limits>
#include <vector>

#include "shmvideo/report.hpp"
#include "shmvideo/writer.hpp"
#include "support/catch.hpp"
#include "support/patterned_frame.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo_test;

namespace {

constexpr std::size_t kBytes = 4096;
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
const SegmentName kName("unit");

std::unique_ptr<Writer> make_writer() {
  WriterOptions options;
  options.slots = 3;
  options.slot_capacity_bytes = kBytes;
  return Writer::create(kName, options);
}

void publish(Writer& writer) {
  const std::vector<std::byte> payload(kBytes);
  REQUIRE(writer.publish(opaque_info(kBytes, 1), payload) == PublishStatus::published);
}

StageReport seen(Stage stage) { return report(kName).stages[static_cast<std::size_t>(stage)]; }

/// Writes words into the segment as its owner could, where the stages stand.
void overwrite_stages(const TempPlace& place, std::uint64_t word) {
  const std::vector<std::uint64_t> words(sizeof(shmv_header::stages) / 8 + 1, word);
  const int fd = ::open((place.path() / "unit").c_str(), O_WRONLY | O_CLOEXEC);
  const auto bytes = static_cast<ssize_t>(words.size() * 8);
  CHECK(::pwrite(fd, words.data(), words.size() * 8, offsetof(shmv_header, stages)) == bytes);
  ::close(fd);
}

}  // namespace

TEST_CASE("what was not measured reads as zero", "[transport]") {
  TempPlace place;
  auto writer = make_writer();
  for (const StageReport& stage : report(kName).stages) {
    CHECK(stage.frames == 0);
    CHECK(stage.sum_ns == 0);
    CHECK(stage.max_ns == 0);
    CHECK(stage.quantile_ns(0.5) == 0);
  }
  CHECK(report(kName).source_reopened == 0);
}

TEST_CASE("a time is counted in its octave, to which its upper end belongs", "[transport]") {
  TempPlace place;
  auto writer = make_writer();
  for (const std::uint64_t ns : {0ULL, 1ULL, 1024ULL}) writer->add_stage_time(Stage::read, ns);
  writer->add_stage_time(Stage::read, 1025);
  writer->add_stage_time(Stage::read, 2048);
  writer->add_stage_time(Stage::read, 2049);
  writer->add_stage_time(Stage::convert, 1024ULL << 25);
  writer->add_stage_time(Stage::convert, (1024ULL << 25) + 1);
  writer->add_stage_time(Stage::convert, 1ULL << 60);
  writer->add_stage_time(static_cast<Stage>(SHMV_STAGES), 5);  // there is none
  const StageReport read = seen(Stage::read);
  CHECK(read.buckets[0] == 3);
  CHECK(read.buckets[1] == 2);
  CHECK(read.buckets[2] == 1);
  CHECK(read.frames == 6);
  CHECK(read.sum_ns == 1025 + 1025 + 2048 + 2049);
  CHECK(read.max_ns == 2049);
  const StageReport convert = seen(Stage::convert);
  CHECK(convert.buckets[SHMV_STAGE_BUCKETS - 2] == 1);
  CHECK(convert.buckets[SHMV_STAGE_BUCKETS - 1] == 2);
  CHECK(convert.max_ns == 1ULL << 60);
  CHECK(seen(Stage::publish).frames == 0);
}

TEST_CASE("the bounds are those of the segment format", "[transport]") {
  CHECK(stage_bound_ns(0) == 1024);
  CHECK(stage_bound_ns(1) == 2048);
  CHECK(stage_bound_ns(SHMV_STAGE_BUCKETS - 2) == 1024ULL << 25);
  CHECK(stage_bound_ns(SHMV_STAGE_BUCKETS - 1) == kMost);
  CHECK(stage_bound_ns(1000) == kMost);
  CHECK(std::string(to_string(Stage::publish)) == "publish");
  CHECK(to_string(static_cast<Stage>(SHMV_STAGES)) == nullptr);
}

TEST_CASE("a writer measures its publishing by itself, and nothing that it did not publish", "[transport]") {
  TempPlace place;
  auto writer = make_writer();
  for (int i = 0; i < 10; ++i) publish(*writer);
  { const auto given_back = writer->loan(); }
  auto refused = writer->loan();
  CHECK(refused.publish(opaque_info(kBytes * 2, 1)) == PublishStatus::too_large);
  const StageReport stage = seen(Stage::publish);
  CHECK(stage.frames == 10);
  CHECK(stage.max_ns > 0);
  CHECK(stage.sum_ns >= stage.max_ns);
  CHECK(stage.sum_ns < 10ULL * 60 * 1'000'000'000);
}

TEST_CASE("a new generation goes on with what was counted", "[transport]") {
  TempPlace place;
  auto writer = make_writer();
  publish(*writer);
  writer->add_stage_time(Stage::read, 5000);
  writer->count_reopening();
  writer->count_reopening();
  const SegmentReport before = report(kName);
  writer->reserve({}, kBytes * 4);
  const SegmentReport after = report(kName);
  REQUIRE(after.generation == before.generation + 1);
  for (std::size_t i = 0; i < SHMV_STAGES; ++i) {
    CHECK(after.stages[i].buckets == before.stages[i].buckets);
    CHECK(after.stages[i].sum_ns == before.stages[i].sum_ns);
    CHECK(after.stages[i].max_ns == before.stages[i].max_ns);
  }
  CHECK(after.source_reopened == 2);
  writer->add_stage_time(Stage::read, 6000);
  writer->count_reopening();
  CHECK(seen(Stage::read).frames == 2);
  CHECK(seen(Stage::read).sum_ns == 11000);
  CHECK(report(kName).source_reopened == 3);
  CHECK(writer->statistics().source_reopened == 3);
  writer->close();
  writer->add_stage_time(Stage::read, 1);  // to no harm
  writer->count_reopening();
}

TEST_CASE("quantiles lie in the right octave, and never beyond the longest", "[transport]") {
  TempPlace place;
  auto writer = make_writer();
  for (int i = 0; i < 90; ++i) writer->add_stage_time(Stage::convert, 3000);    // 2048 to 4096
  for (int i = 0; i < 10; ++i) writer->add_stage_time(Stage::convert, 70'000);  // 65536 to 131072
  const StageReport stage = seen(Stage::convert);
  CHECK(stage.quantile_ns(0) == 2048);
  CHECK(stage.quantile_ns(0.5) > 2048);
  CHECK(stage.quantile_ns(0.5) < 4096);
  CHECK(stage.quantile_ns(0.99) > 65536);
  CHECK(stage.quantile_ns(0.99) <= 70'000);
  CHECK(stage.quantile_ns(1) == 70'000);
  CHECK(stage.quantile_ns(7) == 70'000);
  CHECK(stage.quantile_ns(-1) == 2048);
}

TEST_CASE("nonsense where the times should stand is reported without harm", "[transport]") {
  TempPlace place;
  auto writer = make_writer();
  publish(*writer);
  for (const std::uint64_t word : {kMost, kMost / 2, std::uint64_t{1}}) {
    overwrite_stages(place, word);
    const SegmentReport r = report(kName);
    CHECK(r.source_reopened == word);
    for (const StageReport& stage : r.stages) {
      CHECK(stage.frames == (word == 1 ? SHMV_STAGE_BUCKETS : kMost));
      CHECK(stage.max_ns == word);
      for (const double share : {0.0, 0.5, 0.999, 1.0}) CHECK(stage.quantile_ns(share) >= 0);
    }
  }
  // The writer goes by what it remembers.
  publish(*writer);
  const StageReport stage = seen(Stage::publish);
  CHECK(stage.frames <= SHMV_STAGE_BUCKETS + 1);
}

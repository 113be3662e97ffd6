// SPDX-License-Identifier: Apache-2.0
// Promise 3: kill -9 of the writer at every step of publishing and of starting. The steps are not marked in
// the library: a tracer stops the writer after each of its instructions and at each of its system calls. The
// kill falls after every store of a publish that others can see (the words of header, descriptors and index),
// at instructions spread evenly over it, at every system call of a start, and some way behind each.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>

#include "process.hpp"
#include "shmvideo/reader.hpp"
#include "support/catch.hpp"
#include "support/patterned_frame.hpp"
#include "support/temp_place.hpp"
#include "traced_peer.hpp"

using namespace shmvideo;
using namespace shmvideo_test;
using namespace std::chrono_literals;

namespace {

const SegmentName kName("name");
constexpr std::uint64_t kBefore = 4;  // frames that were published in peace

/// The words by which a writer tells others of frames, as they are and as they were.
class ControlWords {
 public:
  explicit ControlWords(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    shmv_header header;
    REQUIRE(::pread(fd, &header, sizeof header, 0) == static_cast<ssize_t>(sizeof header));
    bytes_ = header.payload_offset;
    address_ = ::mmap(nullptr, bytes_, PROT_READ, MAP_SHARED, fd, 0);
    ::close(fd);
    REQUIRE(address_ != MAP_FAILED);
    seen_.resize(bytes_);
    take();
  }
  ~ControlWords() { ::munmap(address_, bytes_); }
  ControlWords(const ControlWords&) = delete;
  ControlWords& operator=(const ControlWords&) = delete;

  bool has_changed() {
    const bool is_same = std::memcmp(seen_.data(), address_, kAttendants) == 0 &&
                         std::memcmp(seen_.data() + kFrames, bytes() + kFrames, bytes_ - kFrames) == 0;
    if (!is_same) take();
    return !is_same;
  }
  std::uint64_t latest() const { return static_cast<const volatile shmv_header*>(address_)->latest; }

 private:
  // Between them stand the words that the attendant writes, which runs on.
  static constexpr std::size_t kAttendants = offsetof(shmv_header, owner);
  static constexpr std::size_t kFrames = SHMV_HEADER_BYTES;
  const std::byte* bytes() const { return static_cast<const std::byte*>(address_); }
  void take() { std::memcpy(seen_.data(), address_, bytes_); }
  void* address_ = nullptr;
  std::size_t bytes_ = 0;
  std::vector<std::byte> seen_;
};

bool is_whole(const Frame& frame) {
  return has_pattern(frame.bytes(), frame.info().source_number) && frame.valid();
}

/// Somebody who was there before, and has a frame.
struct Witness {
  Witness() : reader(Reader::attach(kName)) {
    REQUIRE(reader->next(good, kPatience) == ReadStatus::frame);
    REQUIRE(good.info().number == kBefore);
  }
  /// After the kill: nothing that was good has gone, nothing that comes is torn, and the death is told.
  void check_after_kill() {
    CHECK(is_whole(good));
    Frame frame;
    REQUIRE(eventually([&] {
      const ReadStatus status = reader->next(frame, 100ms);
      if (status == ReadStatus::frame) CHECK(is_whole(frame));
      return status == ReadStatus::writer_gone;
    }));
  }
  /// After the restart: the next number comes, whole; returns after how long.
  double check_after_restart(std::uint64_t number) {
    const std::uint64_t restarted = now_ns();
    Frame frame;
    REQUIRE(eventually([&] { return reader->next(frame, 100ms) == ReadStatus::frame; }));
    const double ms = static_cast<double>(now_ns() - restarted) / 1e6;
    CHECK(frame.info().number == number);
    CHECK(is_whole(frame));
    CHECK(is_whole(good));
    return ms;
  }
  std::unique_ptr<Reader> reader;
  Frame good;
};

/// Who comes after the kill gets the newest frame, and all others that are still there, whole.
void check_newcomers(std::uint64_t latest) {
  Frame frame;
  auto viewer = Reader::attach(kName);
  REQUIRE(viewer->next(frame, 0s) == ReadStatus::frame);
  CHECK(frame.info().number == latest);
  CHECK(is_whole(frame));
  ReaderOptions options;
  options.order = Order::in_order;
  options.start = Start::oldest;
  auto recorder = Reader::attach(kName, options);
  std::uint64_t last = 0;
  while (recorder->next(frame, 0s) == ReadStatus::frame) {
    CHECK(is_whole(frame));
    last = frame.info().number;
  }
  CHECK(last == latest);
}

double restart(Witness& witness, std::uint64_t number, const TempPlace& place) {
  Peer successor({"write", "name", "slots=3", "bytes=1024"});
  REQUIRE(successor.line().starts_with("ready"));
  REQUIRE(successor.ask("publish 1") == "ok number=" + std::to_string(number));
  const double ms = witness.check_after_restart(number);
  CHECK(successor.finish() == 0);
  CHECK(place.files() == 0);
  return ms;
}

/// A writer that is traced while it publishes one frame.
struct PublishScene {
  PublishScene() : writer({"write", "name", "slots=3", "bytes=512"}) {
    REQUIRE(writer.line().starts_with("ready"));
    REQUIRE(writer.ask("publish " + std::to_string(kBefore)).starts_with("ok"));
    words.emplace(place.path() / "name");
    witness.emplace();
    tracer.emplace(writer.pid());
    if (!tracer->is_attached()) return;
    writer.send("marked");
    REQUIRE(tracer->pass_call(SYS_getppid));
  }
  /// Kills it, and sees what becomes of everybody.
  double kill_and_check() {
    writer.kill();
    const std::uint64_t latest = words->latest();
    CHECK(latest - kBefore <= 1);
    witness->check_after_kill();
    check_newcomers(latest);
    return restart(*witness, latest + 1, place);
  }
  TempPlace place;
  Peer writer;
  std::optional<ControlWords> words;
  std::optional<Witness> witness;
  std::optional<Tracer> tracer;
};

/// A successor of a killed writer that is traced while it starts.
struct StartScene {
  StartScene() {
    {
      Peer first({"write", "name", "slots=3", "bytes=512"});
      REQUIRE(first.line().starts_with("ready"));
      REQUIRE(first.ask("publish " + std::to_string(kBefore)).starts_with("ok"));
      witness.emplace();
      first.kill();
    }
    starting.emplace(std::vector<std::string>{"write", "name", "slots=2", "bytes=2048", "on_word"});
    REQUIRE(starting->line().starts_with("waiting"));
    tracer.emplace(starting->pid());
    if (tracer->is_attached()) starting->send("");
  }
  bool has_started() const { return starting->has_spoken(); }
  double kill_and_check() {
    starting->kill();
    witness->check_after_kill();
    return restart(*witness, kBefore + 1, place);
  }
  TempPlace place;
  std::optional<Witness> witness;
  std::optional<Peer> starting;
  std::optional<Tracer> tracer;
};

void tell(const char* what, std::uint64_t kills, std::uint64_t of, double slowest_ms) {
  std::cout << what << ": killed at " << kills << " of " << of
            << " points; the next writer's first frame arrived after " << slowest_ms << " ms at most\n";
}

bool is_traceable() {
  Peer peer({"idle", "nobody"});
  REQUIRE(peer.line().starts_with("ready"));
  if (Tracer(peer.pid()).is_attached()) return true;
  WARN("skipped: tracing is not to be had here");
  return false;
}

}  // namespace

TEST_CASE("a writer that is killed after any store of a publish leaves a good last frame", "[promises]") {
  if (!is_traceable()) return;
  double slowest = 0;
  std::uint64_t kills = 0;
  for (bool is_over = false; !is_over; ++kills) {
    PublishScene scene;
    std::uint64_t left = kills;
    for (std::uint64_t step = 0; !is_over; ++step) {
      if (scene.words->has_changed() && left-- == 0) break;
      REQUIRE(scene.tracer->step());
      is_over = step % 64 == 0 && scene.writer.has_spoken();
    }
    INFO("killed after store " << kills);
    if (is_over) scene.writer.line();
    slowest = std::max(slowest, scene.kill_and_check());
  }
  tell("publishing, by stores", kills, kills, slowest);
  // Three of the sequence word, one of the index and one of the latest number: fewer cannot be.
  CHECK(kills > 5);
}

TEST_CASE("a writer that is killed at any instruction of a publish leaves a good last frame", "[promises]") {
  if (!is_traceable()) return;
  std::uint64_t steps = 0;
  {
    PublishScene whole;
    for (; !whole.writer.has_spoken(); ++steps) REQUIRE(whole.tracer->step());
  }
  constexpr std::uint64_t kKills = 16;
  double slowest = 0;
  for (std::uint64_t kill = 0; kill < kKills; ++kill) {
    PublishScene scene;
    for (std::uint64_t step = steps * kill / kKills; step > 0; --step) REQUIRE(scene.tracer->step());
    slowest = std::max(slowest, scene.kill_and_check());
  }
  tell("publishing, by instructions", kKills, steps, slowest);
}

TEST_CASE("a writer that is killed at any system call of its start is in nobody's way", "[promises]") {
  if (!is_traceable()) return;
  double slowest = 0;
  std::uint64_t kills = 0;
  for (bool is_over = false; !is_over; ++kills) {
    StartScene scene;
    Tracer::Call call;
    for (std::uint64_t left = kills + 1; left > 0 && !is_over; --left) {
      REQUIRE(scene.tracer->next_call(call));
      is_over = scene.has_started();
    }
    // And some way behind it, at the exits: there are some thousand instructions to the next call.
    for (std::uint64_t left = call.is_entry ? 0 : kills * 37 % 512; left > 0; --left)
      REQUIRE(scene.tracer->step());
    INFO("killed at stop " << kills << ", system call " << call.number);
    if (is_over) scene.starting->line();
    slowest = std::max(slowest, scene.kill_and_check());
  }
  tell("starting, by system calls", kills, kills, slowest);
  CHECK(kills > 20);
}

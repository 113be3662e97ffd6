// SPDX-License-Identifier: Apache-2.0
// Promise 12: writer and readers as threads on one mapping, because ThreadSanitizer knows a word by its
// address, and two mappings of one file have two. A mmap() of this program's own gives everybody the first
// one. In the build with -fsanitize=thread every plain access to a shared word is found; in others this is
// one more test of the frames.
#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>

#include "process.hpp"
#include "shmvideo/reader.hpp"
#include "shmvideo/report.hpp"
#include "shmvideo/writer.hpp"
#include "support/catch.hpp"
#include "support/patterned_frame.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo_test;
using namespace std::chrono_literals;

namespace {

/// One mapping for each file, as long as somebody has it.
struct SharedMapping {
  dev_t device = 0;
  ino_t inode = 0;
  std::size_t bytes = 0;
  void* address = nullptr;
  int users = 0;
};
std::mutex mappings_mutex;
SharedMapping mappings[64];
std::atomic<int> shared_again{0};

using Map = void* (*)(void*, size_t, int, int, int, off_t);
using Unmap = int (*)(void*, size_t);
template <typename Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" void* mmap(void* wish, size_t bytes, int protection, int flags, int fd, off_t offset) noexcept {
  static const Map real_map = real<Map>("mmap");
  struct stat file {};
  if (fd < 0 || !(flags & MAP_SHARED) || ::fstat(fd, &file) != 0 || !S_ISREG(file.st_mode))
    return real_map(wish, bytes, protection, flags, fd, offset);
  const std::lock_guard guard(mappings_mutex);
  SharedMapping* free = nullptr;
  for (SharedMapping& one : mappings) {
    if (one.users == 0) free = &one;
    if (one.users == 0 || one.inode != file.st_ino || one.device != file.st_dev || one.bytes != bytes)
      continue;
    ++one.users;
    ++shared_again;
    return one.address;
  }
  void* const address = real_map(wish, bytes, protection, flags, fd, offset);
  if (free && address != MAP_FAILED) *free = {file.st_dev, file.st_ino, bytes, address, 1};
  return address;
}
extern "C" int munmap(void* address, size_t bytes) noexcept {
  static const Unmap real_unmap = real<Unmap>("munmap");
  const std::lock_guard guard(mappings_mutex);
  for (SharedMapping& one : mappings)
    if (one.users > 0 && one.address == address && one.bytes == bytes && --one.users > 0) return 0;
  return real_unmap(address, bytes);
}

namespace {

const SegmentName kName("name");
constexpr std::size_t kBytes = 2048;

struct Common {
  std::atomic<bool> stopping{false};
  std::atomic<std::uint64_t> frames{0};
  std::atomic<std::uint64_t> held{0};
  std::atomic<std::uint64_t> wrong{0};
};

/// Payloads are looked at in a private copy: whoever reads in place what may be overwritten has a race, and
/// asks valid() for that reason.
void look(Common& common, const FrameInfo& info, std::span<const std::byte> copy) {
  ++common.frames;
  if (!has_pattern(copy.first(info.payload_bytes), info.source_number)) ++common.wrong;
}

void read_in_place(Common& common, Grade grade) {
  ReaderOptions options;
  options.grade = grade;
  auto reader = Reader::attach(kName, options);
  if (grade == Grade::hold) static_cast<void>(reader->event_fd());
  std::vector<std::byte> copy(8 * kBytes);
  Frame frame;
  while (!common.stopping) {
    if (reader->next(frame, 10ms) != ReadStatus::frame) continue;
    common.held += frame.is_held();
    if (frame.copy_to(copy)) look(common, frame.info(), copy);
    static_cast<void>(reader->extradata());
    static_cast<void>(reader->state());
  }
}

void read_copies(Common& common) {
  ReaderOptions options;
  options.grade = Grade::copy;
  options.order = Order::in_order;
  auto reader = Reader::attach(kName, options);
  std::vector<std::byte> copy;
  FrameInfo info;
  while (!common.stopping)
    if (reader->read_copy(copy, info, 10ms) == ReadStatus::frame) look(common, info, copy);
}

void look_on(Common& common) {
  while (!common.stopping) {
    try {
      static_cast<void>(report(kName));
    } catch (const Error&) {
      // A name that is just changing hands.
    }
    std::this_thread::sleep_for(1ms);
  }
}

void publish(Writer& writer, std::uint64_t seed) {
  const std::size_t bytes = kBytes * (1 + seed / 2000 % 3);
  std::vector<std::byte> payload(bytes);
  fill_pattern(payload, seed);
  StreamInfo stream;
  stream.width = static_cast<std::uint32_t>(bytes);
  writer.reserve(stream, bytes);
  writer.publish(opaque_info(bytes, seed), payload);
  if (seed % 16 == 0) writer.set_extradata(std::span(payload).first(64));
}

}  // namespace

TEST_CASE("writer and readers on one mapping have no data race", "[promises]") {
  TempPlace place;
  WriterOptions options;
  options.slots = 4;
  options.slot_capacity_bytes = kBytes;
  auto writer = Writer::create(kName, options);
  Common common;
  std::vector<std::thread> threads;
  threads.emplace_back([&] { read_in_place(common, Grade::observe); });
  threads.emplace_back([&] { read_in_place(common, Grade::hold); });
  threads.emplace_back([&] { read_copies(common); });
  threads.emplace_back([&] { look_on(common); });
  threads.emplace_back([&] {
    for (unsigned i = 0; !common.stopping; ++i) {
      writer->progress();
      writer->set_source_state(i % 2 ? SourceState::ok : SourceState::reconnecting);
      static_cast<void>(writer->statistics());
      std::this_thread::sleep_for(1ms);
    }
  });
  const auto begin = std::chrono::steady_clock::now();
  const auto is_enough = [&] {
    return std::chrono::steady_clock::now() - begin > 3s && common.frames > 1000 && common.held > 100;
  };
  for (std::uint64_t seed = 1; !is_enough() && std::chrono::steady_clock::now() - begin < 3 * kPatience;
       ++seed) {
    publish(*writer, seed);
    if (seed % 64 == 0) std::this_thread::sleep_for(100us);
  }
  common.stopping = true;
  for (std::thread& thread : threads) thread.join();
  std::cout << "one mapping: " << common.frames << " frames, " << common.held << " held, " << shared_again
            << " times a mapping was shared\n";
  CHECK(is_enough());
  CHECK(common.wrong == 0);
  CHECK(shared_again > 0);
}

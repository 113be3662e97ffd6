// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "machine/arena.hpp"
#include "segment/shared_memory_access.hpp"
#include "shmvideo/layout.h"

namespace scheduler {
namespace {

using namespace shmvideo;

constexpr std::uint64_t kBytes = 16;
const char* const kFiles[] = {"name", "name.lock", "name.readers"};

/// Of each frame of each generation another one.
std::uint64_t payload_word(std::uint64_t generation, std::uint64_t number, unsigned position) {
  return generation << 32 | (number * 16 + position + 1);
}
std::uint64_t source_number(std::uint64_t generation, std::uint64_t number) {
  return generation << 32 | number;
}

[[noreturn]] void fail(const std::string& what) { Machine::get().violation(what); }
std::string frame_name(std::uint64_t number) { return "frame " + std::to_string(number); }

FrameInfo description(std::uint64_t generation, std::uint64_t number) {
  FrameInfo info;
  info.payload_bytes = kBytes;
  info.fourcc = make_fourcc('T', 'E', 'S', 'T');
  info.flags = SHMV_FRAME_KEY;
  info.source_number = source_number(generation, number);
  info.capture_monotonic_ns = info.capture_realtime_ns = 1;
  return info;
}

std::uint32_t slot_of(std::span<const std::byte> payload) {
  return Machine::get().addresses().slot_of(payload.data()).index;
}

/// How far behind its header a payload lies.
std::size_t behind_header(std::span<const std::byte> payload) {
  const auto slot = Machine::get().addresses().slot_of(payload.data());
  const auto* header = reinterpret_cast<const std::byte*>(slot.sequence) - SHMV_HEADER_BYTES -
                       slot.index * std::size_t{SHMV_DESCRIPTOR_BYTES};
  return static_cast<std::size_t>(payload.data() - header);
}

/// The lowest descriptor that leads to a file.
int descriptor_of(const std::filesystem::path& path) {
  struct stat wanted {};
  if (::stat(path.c_str(), &wanted) != 0) return -1;
  for (int fd = 0; fd < 256; ++fd) {
    struct stat status {};
    if (::fstat(fd, &status) == 0 && status.st_ino == wanted.st_ino) return fd;
  }
  return -1;
}

}  // namespace

World::World(const WorldOptions& options) : options_(options) {
  Machine& machine = Machine::get();
  machine.addresses().model_waking(options.models_waking);
  known_.in_slot.resize(options.slots);
  known_.last.resize(options.readers);
  known_.held.resize(options.readers);
  known_.is_told.resize(options.readers);
  make_writer();
  for (unsigned i = 0; i < options.readers; ++i) make_reader(i);
  if (options.has_rhythm) show_rhythm();
  set_up_ns_ = machine.now_ns();
  machine.set_readers_file(place_.path() / "name.readers");
  lock_fd_ = descriptor_of(place_.path() / "name.lock");
  for (const char* file : kFiles)
    std::filesystem::create_hard_link(place_.path() / file, place_.path() / (std::string("kept-") + file));
  known_before_ = known_;
  if (!options.changes_files) remove_files();  // what is open is enough
}

void World::make_writer() {
  const arena::Inside inside;
  WriterOptions writing;
  writing.slots = options_.slots;
  writing.slot_capacity_bytes = kBytes;
  writer_ = Writer::create(SegmentName("name"), writing);
  for (unsigned i = 0; i < options_.frames_before; ++i) publish_one(*writer_);
}

void World::make_reader(unsigned index) {
  std::unique_ptr<Reader> reader;
  {
    const arena::Inside inside;
    ReaderOptions reading;
    reading.grade = options_.grade;
    reading.order = options_.order;
    reading.start = options_.start;
    reader = Reader::attach(SegmentName("name"), reading);
    // What a reader does but once, it does here.
    Frame frame;
    reader->next(frame, std::chrono::nanoseconds(0));
    last_[index] = frame ? frame.info().number : 0;
  }
  readers_.push_back(std::move(reader));
}

void World::show_rhythm() {
  const arena::Inside inside;
  Machine::get().pass(1'000'000);
  publish_one(*writer_);
  for (unsigned i = 0; i < options_.readers; ++i) {
    Frame frame;
    readers_[i]->next(frame, std::chrono::nanoseconds(0));
    last_[i] = frame ? frame.info().number : 0;
  }
}

void World::put_files_back() {
  for (const char* file : kFiles) {
    const auto path = place_.path() / file, kept = place_.path() / (std::string("kept-") + file);
    struct stat now {
    }, before{};
    if (::stat(kept.c_str(), &before) == 0 && ::stat(path.c_str(), &now) == 0 && now.st_ino == before.st_ino)
      continue;
    ::unlink(path.c_str());
    [[maybe_unused]] const int linked = ::link(kept.c_str(), path.c_str());
  }
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_len = 1;
  ::fcntl(lock_fd_, F_OFD_SETLK, &lock);
}

void World::unlock_name() {
  struct flock lock {};
  lock.l_type = F_UNLCK;
  lock.l_len = 1;
  ::fcntl(lock_fd_, F_OFD_SETLK, &lock);
}

void World::begin() {
  known_ = known_before_;
  if (options_.changes_files) put_files_back();
}

void World::remove_files() {
  std::error_code ignored;
  std::filesystem::remove_all(place_.path(), ignored);
}

void World::claimed(Writer& writer, std::uint32_t slot) {
  const arena::Inside outside(false);
  known_.is_claiming = false;
  const std::uint64_t number = std::exchange(known_.in_slot[slot], 0);
  const std::uint64_t revoked = writer.statistics().revoked;
  const bool is_revoked = std::exchange(known_.revoked, revoked) != revoked;
  if (number == 0) return;
  if (number == published_) fail("the newest frame, " + std::to_string(number) + ", is overwritten");
  if (is_revoked) {
    Machine::get().note("takes back " + frame_name(number));
    return;
  }
  for (const auto& held : known_.held)
    if (held.contains(number)) fail(frame_name(number) + " is held, and overwritten without being revoked");
  if (known_.doubtful.contains(number))
    fail(frame_name(number) + " was believed held while it was overwritten without being revoked");
  known_.overwritten.insert(number);
}

void World::publish_one(Writer& writer) {
  known_.is_claiming = true;
  Writer::Loan loan = writer.loan();
  if (!loan) fail("the writer finds no slot");
  const std::uint32_t slot = slot_of(loan.bytes());
  if (!first_latest_) {
    const auto* header = loan.bytes().data() - behind_header(loan.bytes());
    first_latest_ = &reinterpret_cast<const shmv_header*>(header)->latest;
  }
  claimed(writer, slot);
  const std::uint64_t number = published_ + 1;
  const std::uint64_t generation = writer.statistics().generation;
  auto* words = reinterpret_cast<std::uint64_t*>(loan.bytes().data());
  for (unsigned i = 0; i < kBytes / 8; ++i)
    shared::store_relaxed(words[i], payload_word(generation, number, i));
  if (loan.publish(description(generation, number)) != PublishStatus::published)
    fail("a frame was not published");
  known_.in_slot[slot] = number;
  published_ = number;
}

void World::publish(unsigned frames) {
  for (unsigned i = 0; i < frames; ++i) publish_one(*writer_);
}

void World::grow() {
  std::fill(known_.in_slot.begin(), known_.in_slot.end(), 0);  // those of the new generation
  writer_->reserve({}, SHMV_PAGE_BYTES + 1);
}

void World::close() {
  known_.is_closing = true;
  writer_->close();
}

void World::succeed(unsigned frames) {
  std::fill(known_.in_slot.begin(), known_.in_slot.end(), 0);
  known_.revoked = 0;
  WriterOptions writing;
  writing.slots = options_.slots;
  writing.slot_capacity_bytes = kBytes;
  auto successor = Writer::create(SegmentName("name"), writing);
  // Whether the last frame got out before the death, the segment tells.
  const std::uint64_t latest = Machine::get().newest(first_latest_);
  if (successor->statistics().latest != latest)
    fail("the successor goes on behind frame " + std::to_string(successor->statistics().latest) +
         ", and the last was " + std::to_string(latest));
  published_ = successor->statistics().latest;
  for (unsigned i = 0; i < frames; ++i) publish_one(*successor);
  (void)successor.release();  // runs on
}

void World::check_hold(const Frame& frame) {
  const std::uint64_t number = frame.info().number;
  const auto slot = Machine::get().addresses().slot_of(frame.bytes().data());
  const std::uint64_t sequence = Machine::get().newest(slot.sequence);
  if (sequence >> 2 == number && (sequence & 3) != SHMV_SLOT_WRITING) return;
  if (known_.overwritten.contains(number))
    fail(frame_name(number) + " is believed held, and was overwritten without being revoked");
  // Whether the writer counts it as revoked is told when its claim is through.
  if (known_.is_claiming) known_.doubtful.insert(number);
}

void World::check_bytes(const Frame& frame) {
  const std::uint64_t number = frame.info().number;
  std::uint64_t seen[kBytes / 8];
  const auto* words = reinterpret_cast<const std::uint64_t*>(frame.bytes().data());
  for (unsigned i = 0; i < kBytes / 8; ++i) seen[i] = shared::load_relaxed(words[i]);
  if (!frame.valid()) return;
  for (unsigned i = 0; i < kBytes / 8; ++i)
    if (seen[i] != payload_word(frame.info().generation, number, i))
      fail("a torn frame is accepted: " + std::to_string(number) + " with a word of " +
           std::to_string((seen[i] - 1) % (1ULL << 32) / 16));
}

void World::take(unsigned reader, const Frame& frame) {
  const arena::Inside outside(false);
  const std::uint64_t number = frame.info().number;
  Machine::get().note("takes " + frame_name(number) + (frame.is_held() ? ", held" : ""));
  if (number <= last_[reader]) fail(frame_name(number) + " comes after a newer one");
  last_[reader] = number;
  if (frame.info().source_number != source_number(frame.info().generation, number))
    fail(frame_name(number) + " has the description of another");
  if (frame.is_held()) {
    known_.held[reader].insert(number);
    check_hold(frame);
  }
  check_bytes(frame);
}

void World::look(unsigned reader, unsigned times, bool keeps) {
  std::vector<Frame> frames(times);
  for (unsigned i = 0; i < times; ++i) {
    if (readers_[reader]->next(frames[i], std::chrono::nanoseconds(0)) != ReadStatus::frame) continue;
    take(reader, frames[i]);
    if (keeps) continue;
    known_.held[reader].clear();
    frames[i].release();
  }
  for (const Frame& frame : frames)
    if (keeps && frame) check_bytes(frame);
  known_.held[reader].clear();
}

void World::told_of_end(unsigned reader, bool is_due, const char* what) {
  Machine::get().note(std::string("is told that the writer ") + what);
  if (!is_due) fail(std::string("a reader is told that the writer ") + what + ", and it did not");
  known_.is_told[reader] = true;
}

void World::follow(unsigned reader, std::uint64_t last) {
  Frame frame;  // one for all, as a program has it: its hold becomes that of the next
  while (last_[reader] < last) {
    switch (readers_[reader]->next(frame, std::chrono::seconds(2))) {
      case ReadStatus::frame:
        take(reader, frame);
        known_.held[reader].clear();
        break;
      case ReadStatus::writer_gone:
        return told_of_end(reader, Machine::get().is_marked_dead(0), "died");
      case ReadStatus::closed:
        return told_of_end(reader, known_.is_closing, "closed");
      default:
        fail("a reader waited in vain");
    }
  }
}

void World::check_sleepers() {
  Machine& machine = Machine::get();
  if (options_.has_rhythm && machine.is_marked_dead(0) && machine.now_ns() == set_up_ns_) return;
  machine.report(machine.is_marked_dead(0) ? "a reader sleeps on after the writer's death"
                 : known_.is_closing       ? "a reader sleeps on after the writer closed"
                                     : "a reader sleeps, and " + frame_name(published_) + " was published");
}

}  // namespace scheduler

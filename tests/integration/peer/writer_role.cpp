// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <sstream>

#include "peer/options.hpp"
#include "shmvideo/writer.hpp"
#include "support/patterned_frame.hpp"

namespace shmvideo_test {
namespace {

using namespace shmvideo;

class WriterRole {
 public:
  explicit WriterRole(const PeerOptions& options)
      : bytes_(options.number("bytes", 8192)),
        seed_(options.number("seed", static_cast<std::uint64_t>(::getpid()) << 32)) {
    WriterOptions wanted;
    wanted.slots = static_cast<std::uint32_t>(options.number("slots", 3));
    wanted.slot_capacity_bytes = bytes_;
    wanted.stream.width = static_cast<std::uint32_t>(options.number("width", 0));
    wanted.mode = static_cast<mode_t>(options.number("mode", 0640));
    wanted.group = options.text("group");
    wanted.program = "peer";
    wanted.source = "pattern";
    writer_ = Writer::create(SegmentName(options.name), wanted);
  }

  /// Fills slowly enough that a kill can meet it in the middle: word by word, in the slot itself.
  PublishStatus publish_one() {
    auto loan = writer_->loan();
    if (!loan) return PublishStatus::no_slot;
    fill_pattern(loan.bytes().first(bytes_), ++seed_);
    return loan.publish(opaque_info(bytes_, seed_));
  }

  void run_freely(std::uint64_t gap_us, std::uint64_t frames) {
    for (std::uint64_t i = 0; frames == 0 || i < frames; ++i) {
      publish_one();
      const timespec pause{static_cast<time_t>(gap_us / 1'000'000),
                           static_cast<long>(gap_us % 1'000'000 * 1000)};
      if (gap_us) ::nanosleep(&pause, nullptr);
    }
  }

  void obey(const std::string& command, std::uint64_t argument) {
    if (command == "publish") return publish(argument);
    if (command == "marked") return publish_between_marks();
    if (command == "resize") return resize(argument);
    if (command == "loan") return keep_half_a_loan();
    if (command == "fork") return fork_child();
    if (command == "stats") return tell_statistics();
    if (command == "close") writer_->close();
    std::printf("ok\n");
  }

 private:
  void publish(std::uint64_t frames) {
    for (std::uint64_t i = 0; i < frames; ++i)
      if (publish_one() != PublishStatus::published) return static_cast<void>(std::printf("failed\n"));
    std::printf("ok number=%llu\n", static_cast<unsigned long long>(writer_->statistics().latest));
  }

  /// One frame between two system calls by which a tracer knows where it begins and ends.
  void publish_between_marks() {
    ::syscall(SYS_getppid);
    publish_one();
    ::syscall(SYS_getppid);
    std::printf("ok\n");
  }

  void resize(std::uint64_t bytes) {
    StreamInfo stream;
    stream.width = static_cast<std::uint32_t>(bytes % 60000);
    try {
      writer_->reserve(stream, bytes);
      bytes_ = bytes;
      std::printf("ok generation=%llu\n", static_cast<unsigned long long>(writer_->statistics().generation));
    } catch (const Error& error) {
      std::printf("error %s %s\n", to_string(error.code()), error.what());
    }
  }

  void keep_half_a_loan() {
    loan_ = writer_->loan();
    if (!loan_) return static_cast<void>(std::printf("failed\n"));
    fill_pattern(loan_.bytes().first(bytes_ / 2), ++seed_);
    std::printf("ok half written\n");
  }

  /// A child that knows nothing of the writer but has inherited its descriptors.
  void fork_child() {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(120);
      for (;;) ::pause();
    }
    std::printf("ok pid=%d\n", child);
  }

  void tell_statistics() {
    const WriterStatistics s = writer_->statistics();
    std::printf("ok published=%llu revoked=%llu no_slot=%llu latest=%llu generation=%llu sleepers=%u\n",
                static_cast<unsigned long long>(s.published), static_cast<unsigned long long>(s.revoked),
                static_cast<unsigned long long>(s.dropped[SHMV_DROP_NO_SLOT]),
                static_cast<unsigned long long>(s.latest), static_cast<unsigned long long>(s.generation),
                s.sleepers_woken);
  }

  std::size_t bytes_;
  std::uint64_t seed_;
  std::unique_ptr<Writer> writer_;
  Writer::Loan loan_;
};

}  // namespace

int run_writer(const PeerOptions& options) {
  wait_for_word(options);
  WriterRole role(options);
  if (options.has("never_waits")) forbid_waiting();
  std::printf("ready pid=%d\n", ::getpid());
  if (options.has("free")) {
    role.run_freely(options.number("gap_us", 0), options.number("frames", 0));
    return 0;
  }
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string command;
    std::uint64_t argument = 1;
    words >> command >> argument;
    role.obey(command, argument);
  }
  return 0;
}

}  // namespace shmvideo_test

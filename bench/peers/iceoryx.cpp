// SPDX-License-Identifier: Apache-2.0
// iceoryx 2.0 (classic): the writer copies into a loaned chunk, readers wait on a WaitSet and read in place.
// Needs a running iox-roudi. PLACE is not used.
#include <string>

#include "iceoryx_posh/popo/publisher.hpp"
#include "iceoryx_posh/popo/subscriber.hpp"
#include "iceoryx_posh/popo/wait_set.hpp"
#include "iceoryx_posh/runtime/posh_runtime.hpp"
#include "peer.hpp"

namespace {

struct Picture {
  std::uint8_t bytes[peer::kFrameBytes];
};

const iox::capro::ServiceDescription kService{"shmvideo", "bench", "frames"};

int write_to(const char*, double fps, double seconds) {
  iox::runtime::PoshRuntime::initRuntime("shmvideo-bench-writer");
  iox::popo::PublisherOptions options;
  options.historyCapacity = 0;
  iox::popo::Publisher<Picture> publisher(kService, options);
  peer::write_frames(fps, seconds, [&](const auto& picture, std::uint64_t) {
    publisher.loan()
        .and_then([&](auto& sample) {
          std::memcpy(sample->bytes, picture.data(), picture.size());
          sample.publish();
        })
        .or_else([](auto&) {});
  });
  ::usleep(1'500'000);  // whoever goes takes its frames along
  return 0;
}

int read_from(const char*) {
  const std::string name = "shmvideo-bench-" + std::to_string(::getpid());
  iox::runtime::PoshRuntime::initRuntime(iox::RuntimeName_t(iox::cxx::TruncateToCapacity, name));
  iox::popo::SubscriberOptions options;
  options.queueCapacity = 2;
  options.historyRequest = 0;
  iox::popo::Subscriber<Picture> subscriber(kService, options);
  iox::popo::WaitSet<> waiting;
  waiting.attachState(subscriber, iox::popo::SubscriberState::HAS_DATA).or_else([](auto) { std::exit(1); });
  peer::Reading reading;
  peer::say_ready();
  while (!reading.is_over()) {
    if (waiting.timedWait(iox::units::Duration::fromMilliseconds(300)).empty()) continue;
    bool is_there = true;
    while (is_there)
      subscriber.take()
          .and_then([&](auto& sample) { reading.take(sample->bytes, [] { return true; }); })
          .or_else([&](auto&) { is_there = false; });
  }
  reading.tell();
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return peer::main(argc, argv, write_to, read_from); }

// SPDX-License-Identifier: Apache-2.0
#include "ledger/ledger.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <utility>

#include "shmvideo/error.hpp"

namespace shmvideo::bench {
namespace {

struct Head {
  Settings settings;
  Window window;
  WriterPage writer;
};

std::size_t bytes_for(std::size_t clients) { return sizeof(Head) + clients * sizeof(ClientPage); }

void* map(int descriptor, std::size_t bytes) {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  if (memory == MAP_FAILED) throw Error(ErrorCode::system, "cannot map the memory for the counts", errno);
  return memory;
}

}  // namespace

void Complaint::set(const std::string& sentence) noexcept {
  std::size_t i = 0;
  for (; i < sentence.size() && i + 1 < text_.size(); ++i)
    text_[i].store(sentence[i], std::memory_order_relaxed);
  text_[i].store('\0', std::memory_order_relaxed);
}

std::string Complaint::get() const {
  std::string sentence;
  for (const auto& letter : text_) {
    const char c = letter.load(std::memory_order_relaxed);
    if (c == '\0') break;
    sentence += c;
  }
  return sentence;
}

void ClientPage::record_latency(std::uint64_t duration_ns) noexcept {
  latency[Histogram::bucket_of(duration_ns)].add(1);
  if (duration_ns > latency_max_ns.get()) latency_max_ns.set(duration_ns);
}

Histogram ClientPage::latencies() const noexcept {
  Histogram histogram;
  for (std::size_t i = 0; i < latency.size(); ++i) histogram.add(i, latency[i].get());
  histogram.note_max(latency_max_ns.get());
  return histogram;
}

Ledger Ledger::create(std::uint32_t clients) {
  const int descriptor = ::memfd_create("shm-bench", MFD_CLOEXEC);
  if (descriptor < 0) throw Error(ErrorCode::system, "cannot make the memory for the counts", errno);
  const std::size_t bytes = bytes_for(clients);
  if (::ftruncate(descriptor, static_cast<off_t>(bytes)) != 0) {
    const int reason = errno;
    ::close(descriptor);
    throw Error(ErrorCode::system, "cannot make the memory for the counts", reason);
  }
  // Fresh pages are zero, which is where every count begins.
  Ledger ledger(descriptor, map(descriptor, bytes), bytes);
  ledger.settings().clients = clients;
  ledger.window().from_ns.set(std::numeric_limits<std::uint64_t>::max());
  ledger.window().until_ns.set(std::numeric_limits<std::uint64_t>::max());
  return ledger;
}

Ledger Ledger::open(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) ||
      static_cast<std::size_t>(status.st_size) < bytes_for(1)) {
    throw Error(ErrorCode::invalid_argument, "--role is for processes that shm-bench starts itself");
  }
  const auto bytes = static_cast<std::size_t>(status.st_size);
  Ledger ledger(descriptor, map(descriptor, bytes), bytes);
  if (bytes_for(ledger.settings().clients) != bytes) {
    throw Error(ErrorCode::invalid_argument, "--role is for processes that shm-bench starts itself");
  }
  return ledger;
}

Ledger::Ledger(int descriptor, void* memory, std::size_t bytes) noexcept
    : descriptor_(descriptor), memory_(memory), bytes_(bytes) {}

Ledger::Ledger(Ledger&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      memory_(std::exchange(other.memory_, nullptr)),
      bytes_(other.bytes_) {}

Ledger::~Ledger() {
  if (memory_) ::munmap(memory_, bytes_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

Settings& Ledger::settings() const noexcept { return static_cast<Head*>(memory_)->settings; }
Window& Ledger::window() const noexcept { return static_cast<Head*>(memory_)->window; }
WriterPage& Ledger::writer() const noexcept { return static_cast<Head*>(memory_)->writer; }
ClientPage& Ledger::client(std::uint32_t index) const noexcept {
  return reinterpret_cast<ClientPage*>(static_cast<Head*>(memory_) + 1)[index];
}

}  // namespace shmvideo::bench

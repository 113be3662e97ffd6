// SPDX-License-Identifier: Apache-2.0
#include "source/libav/packet_reader.hpp"

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "codec/libav/handles.hpp"
#include "segment/clock.hpp"
#include "shmvideo/error.hpp"
#include "source/libav/demuxer.hpp"
#include "source/libav/interruption.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace shmvideo::source::media {

namespace av = codec::libav;

namespace {

using namespace std::chrono_literals;

/// libavformat looks at the interruption every 100 ms; a loaded machine gets some more.
constexpr auto kPatience = 2s;
/// As many packets as a file is read ahead, and as a stream may lag behind.
constexpr std::size_t kRecordedCapacity = 8;
constexpr std::size_t kLiveCapacity = 64;

bool is_intra_only(const AVCodecParameters& parameters) {
  const AVCodecDescriptor* found = avcodec_descriptor_get(parameters.codec_id);
  return found != nullptr && (found->props & AV_CODEC_PROP_INTRA_ONLY) != 0;
}

}  // namespace

/// Shared by the reader and its thread, so that either can be gone before the other.
struct PacketReader::State {
  explicit State(const MediaOptions& media) : options(media), demuxer(options, interruption) {}

  void run() noexcept;
  void read_all() noexcept;
  void set_opened(std::exception_ptr problem) noexcept;
  std::string loss_of(int status) const;

  const MediaOptions options;
  Interruption interruption;
  Demuxer demuxer;  // the thread's alone
  MediaFacts facts;
  PacketQueue queue;

  std::mutex mutex;  // guards what follows
  std::condition_variable changed;
  bool is_opened = false;
  bool is_over = false;
  std::exception_ptr failure;

  std::thread thread;  // the reader's alone
};

void PacketReader::State::set_opened(std::exception_ptr problem) noexcept {
  const std::lock_guard lock(mutex);
  is_opened = true;
  failure = std::move(problem);
  changed.notify_all();
}

void PacketReader::State::run() noexcept {
  try {
    facts = demuxer.open();
    queue.set_rules({.is_live = facts.is_live,
                     .is_intra_only = is_intra_only(*facts.parameters),
                     .capacity = facts.is_live ? kLiveCapacity : kRecordedCapacity});
    set_opened(nullptr);
    read_all();
  } catch (...) {
    set_opened(std::current_exception());
  }
  const std::lock_guard lock(mutex);
  is_over = true;
  changed.notify_all();
}

/// Empty for an end in good order.
std::string PacketReader::State::loss_of(int status) const {
  if (status == AVERROR_EOF && facts.can_end) return "";
  // HTTP calls it an I/O error when the length was not announced.
  if (facts.is_live && (status == AVERROR_EOF || status == AVERROR(EIO)))
    return "the server ended the stream";
  // What is damaged beyond reading will be so the next time: there is nothing to try again.
  if (status == AVERROR_INVALIDDATA && facts.can_end) return "";
  return av::error_text(status);
}

void PacketReader::State::read_all() noexcept {
  std::uint64_t packets_in_pass = 0;
  try {
    const av::Owned<AVPacket> packet = av::make_packet();
    for (;;) {
      const int status = demuxer.read(*packet);
      if (status >= 0) {
        ++packets_in_pass;
        const bool is_key = (packet->flags & AV_PKT_FLAG_KEY) != 0;
        if (!queue.push(*packet, is_key, static_cast<std::int64_t>(monotonic_ns()))) return;
        continue;
      }
      // An empty pass would go on for ever.
      const bool is_at_end = status == AVERROR_EOF && std::exchange(packets_in_pass, 0) > 0;
      if (!is_at_end || !options.is_looping || !facts.can_rewind) return queue.finish(loss_of(status));
      if (!queue.push_end_of_pass()) return;
      if (!demuxer.rewind()) return queue.finish("it cannot be started over");
    }
  } catch (const std::exception& error) {
    queue.finish(error.what());
  }
}

PacketReader::PacketReader(const MediaOptions& options) : state_(std::make_shared<State>(options)) {}

PacketReader::~PacketReader() {
  interrupt();
  if (!state_->thread.joinable()) return;
  std::unique_lock lock(state_->mutex);
  const bool is_over = state_->changed.wait_for(lock, kPatience, [this] { return state_->is_over; });
  lock.unlock();
  is_over ? state_->thread.join() : state_->thread.detach();
}

void PacketReader::open() {
  state_->thread = std::thread([state = state_] { state->run(); });
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [this] { return state_->is_opened || state_->interruption.is_set(); });
  if (state_->interruption.is_set()) {
    throw Error(ErrorCode::cancelled, "interrupted while the source was opened");
  }
  if (state_->failure) std::rethrow_exception(state_->failure);
}

const MediaFacts& PacketReader::facts() const noexcept { return state_->facts; }

PopStatus PacketReader::pop(QueuedPacket& into, std::int64_t deadline_ns) noexcept {
  return state_->queue.pop(into, deadline_ns);
}

std::string PacketReader::loss() const { return state_->queue.loss(); }

void PacketReader::interrupt() noexcept {
  state_->queue.interrupt();  // first: what the interruption makes fail must not look like a loss
  state_->interruption.set();
  const std::lock_guard lock(state_->mutex);
  state_->changed.notify_all();
}

}  // namespace shmvideo::source::media

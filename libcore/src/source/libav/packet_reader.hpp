// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "source/libav/media_facts.hpp"
#include "source/libav/media_source.hpp"
#include "source/libav/packet_queue.hpp"

namespace shmvideo::source::media {

/// A medium read by a thread of its own, because no call into libavformat can be given a time limit
/// without losing the stream: an interrupted read is its end. Whoever waits here waits for the queue, and
/// is back at once after interrupt(), however long the library takes.
/// Thread-safety: one thread at a time, but for interrupt().
class PacketReader {
 public:
  explicit PacketReader(const MediaOptions& options);
  /// Waits for its thread, which notices within 100 ms; one that hangs all the same (in resolving a name)
  /// is left to itself, with what it uses.
  ~PacketReader();
  PacketReader(const PacketReader&) = delete;
  PacketReader& operator=(const PacketReader&) = delete;

  /// Opens the medium and begins to read. Throws Error(source_failed), Error(cancelled) after interrupt().
  void open();
  /// After open().
  const MediaFacts& facts() const noexcept;

  PopStatus pop(QueuedPacket& into, std::int64_t deadline_ns) noexcept;
  std::string loss() const;
  void interrupt() noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace shmvideo::source::media

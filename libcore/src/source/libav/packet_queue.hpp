// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "codec/libav/handles.hpp"

namespace shmvideo::source::media {

/// A packet on its way from the thread that reads to the one that uses it.
struct QueuedPacket {
  codec::libav::Owned<AVPacket> packet = codec::libav::make_packet();
  std::int64_t arrival_ns = 0;       ///< CLOCK_MONOTONIC
  std::uint64_t dropped_before = 0;  ///< packets that were left out between the last one and this
};

enum class PopStatus {
  packet,
  end_of_pass,  ///< What comes next is the beginning again.
  end,          ///< Nothing comes any more, as it should be; said again and again.
  lost,         ///< Nothing comes any more: see loss(); said again and again.
  timeout,
  interrupted,
};

/// A bounded queue of packets between two threads. What is recorded waits in it: a full queue stops the
/// reading. What comes live does not wait: when the oldest packet has grown old, or the queue is full,
/// packets are dropped so far that decoding can go on with the first that is left. Allocates nothing once it
/// is made.
class PacketQueue {
 public:
  struct Rules {
    bool is_live = false;
    bool is_intra_only = false;  ///< each packet is decodable by itself
    std::size_t capacity = 16;
    std::int64_t age_max_ns = 500'000'000;  ///< of the oldest, when live
  };
  /// Before the two threads use it.
  void set_rules(const Rules& rules);

  /// Takes what is in `packet`, waiting for room if it has to. False after interrupt().
  bool push(AVPacket& packet, bool is_key, std::int64_t arrival_ns) noexcept;
  bool push_end_of_pass() noexcept;
  /// An empty `loss` is an end in good order.
  void finish(std::string loss) noexcept;

  /// Waits until `deadline_ns` (CLOCK_MONOTONIC) at most.
  PopStatus pop(QueuedPacket& into, std::int64_t deadline_ns) noexcept;
  std::string loss() const;
  void interrupt() noexcept;

 private:
  struct Entry {
    QueuedPacket queued;
    bool is_end_of_pass = false;
  };
  bool wait_for_room(std::unique_lock<std::mutex>& lock) noexcept;
  void make_room_live(std::int64_t now_ns) noexcept;
  void drop_oldest() noexcept;
  Entry& append() noexcept;

  Rules rules_;
  std::vector<Entry> ring_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::uint64_t dropped_ = 0;  // since the packet that was appended last
  bool needs_key_ = false;
  bool is_finished_ = false;
  bool is_interrupted_ = false;
  std::string loss_;
  mutable std::mutex mutex_;
  std::condition_variable has_packet_;
  std::condition_variable has_room_;
};

}  // namespace shmvideo::source::media

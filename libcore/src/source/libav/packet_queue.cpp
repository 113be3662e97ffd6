// SPDX-License-Identifier: Apache-2.0
#include "source/libav/packet_queue.hpp"

#include <chrono>
#include <utility>

extern "C" {
#include <libavcodec/packet.h>
}

namespace shmvideo::source::media {

void PacketQueue::set_rules(const Rules& rules) {
  rules_ = rules;
  ring_ = std::vector<Entry>(rules.capacity);
}

PacketQueue::Entry& PacketQueue::append() noexcept {
  Entry& entry = ring_[(first_ + count_) % ring_.size()];
  ++count_;
  entry.queued.dropped_before = std::exchange(dropped_, 0);
  return entry;
}

/// Those that were dropped before it are counted again before the one that follows.
void PacketQueue::drop_oldest() noexcept {
  Entry& oldest = ring_[first_];
  av_packet_unref(oldest.queued.packet.get());
  const std::uint64_t dropped = oldest.queued.dropped_before + 1;
  first_ = (first_ + 1) % ring_.size();
  --count_;
  (count_ > 0 ? ring_[first_].queued.dropped_before : dropped_) += dropped;
}

void PacketQueue::make_room_live(std::int64_t now_ns) noexcept {
  const auto is_behind = [&] {
    return count_ == ring_.size() ||
           (count_ > 0 && now_ns - ring_[first_].queued.arrival_ns > rules_.age_max_ns);
  };
  if (!is_behind()) return;
  if (rules_.is_intra_only) {
    while (is_behind()) drop_oldest();
    return;
  }
  // Each needs those before it: without one, all are useless up to the next key.
  while (count_ > 0) drop_oldest();
  needs_key_ = true;
}

bool PacketQueue::wait_for_room(std::unique_lock<std::mutex>& lock) noexcept {
  has_room_.wait(lock, [this] { return is_interrupted_ || count_ < ring_.size(); });
  return !is_interrupted_;
}

bool PacketQueue::push(AVPacket& packet, bool is_key, std::int64_t arrival_ns) noexcept {
  std::unique_lock lock(mutex_);
  if (is_interrupted_) return false;
  if (rules_.is_live) {
    make_room_live(arrival_ns);
    if (needs_key_ && !is_key) {
      ++dropped_;
      av_packet_unref(&packet);
      return true;
    }
    needs_key_ = false;
  } else if (!wait_for_room(lock)) {
    return false;
  }
  Entry& entry = append();
  entry.is_end_of_pass = false;
  entry.queued.arrival_ns = arrival_ns;
  av_packet_move_ref(entry.queued.packet.get(), &packet);
  has_packet_.notify_one();
  return true;
}

bool PacketQueue::push_end_of_pass() noexcept {
  std::unique_lock lock(mutex_);
  if (!wait_for_room(lock)) return false;
  append().is_end_of_pass = true;
  has_packet_.notify_one();
  return true;
}

void PacketQueue::finish(std::string loss) noexcept {
  const std::lock_guard lock(mutex_);
  is_finished_ = true;
  loss_ = std::move(loss);
  has_packet_.notify_one();
}

PopStatus PacketQueue::pop(QueuedPacket& into, std::int64_t deadline_ns) noexcept {
  const std::chrono::steady_clock::time_point until{std::chrono::nanoseconds(deadline_ns)};
  std::unique_lock lock(mutex_);
  has_packet_.wait_until(lock, until, [this] { return is_interrupted_ || is_finished_ || count_ > 0; });
  if (is_interrupted_) return PopStatus::interrupted;
  if (count_ == 0) {
    if (!is_finished_) return PopStatus::timeout;
    return loss_.empty() ? PopStatus::end : PopStatus::lost;
  }
  Entry& entry = ring_[first_];
  const bool is_end_of_pass = entry.is_end_of_pass;
  if (!is_end_of_pass) {
    av_packet_unref(into.packet.get());
    std::swap(into, entry.queued);
  }
  first_ = (first_ + 1) % ring_.size();
  --count_;
  has_room_.notify_one();
  return is_end_of_pass ? PopStatus::end_of_pass : PopStatus::packet;
}

std::string PacketQueue::loss() const {
  const std::lock_guard lock(mutex_);
  return loss_;
}

void PacketQueue::interrupt() noexcept {
  const std::lock_guard lock(mutex_);
  is_interrupted_ = true;
  has_packet_.notify_all();
  has_room_.notify_all();
}

}  // namespace shmvideo::source::media

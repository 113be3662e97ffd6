// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "ledger/content.hpp"
#include "ledger/ledger.hpp"
#include "shmvideo/frame_info.hpp"

namespace shmvideo::bench {

/// Keeps one attached client's account, in its page: what it got, and what it should have got.
class ClientCounts {
 public:
  ClientCounts(ClientPage& page, const Window& window, std::uint64_t attached_ns) noexcept
      : page_(page), window_(window), counted_until_ns_(attached_ns) {}

  /// A frame is there since `now_ns`; `restarts` of the writer were followed so far.
  void arrive(const FrameInfo& info, std::uint64_t restarts, std::uint64_t now_ns) noexcept;
  /// What came of the frame that arrived last.
  void conclude(bool is_whole, Finding finding) noexcept;
  void detach(std::uint64_t now_ns) noexcept;

 private:
  void count_time(std::uint64_t now_ns) noexcept;

  ClientPage& page_;
  const Window& window_;
  std::uint64_t counted_until_ns_;
  std::uint64_t last_number_ = 0;
  std::uint64_t restarts_ = 0;
  bool is_first_ = true;
  bool is_counted_ = false;  // the last frame was published in the window
  std::uint64_t latency_ns_ = 0;
};

}  // namespace shmvideo::bench

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "shmvideo/pixel_format.hpp"
#include "source/libav/media_facts.hpp"

struct AVBSFContext;
struct AVPacket;

namespace shmvideo::source::media {

/// Turns packets as containers keep them into packets as a segment has them: H.264 and H.265 into Annex
/// B; what is so already, and JPEG, passes through. One packet in, one out. One thread at a time.
class PacketFilter {
 public:
  /// Throws Error(source_failed) when the medium's parameters contradict themselves.
  PacketFilter(const MediaFacts& facts, PixelFormat format);
  ~PacketFilter();
  /// Of the result, as Annex B; empty if the medium says nothing of it beforehand.
  const std::vector<std::byte>& extradata() const noexcept { return extradata_; }
  /// False if the packet is damaged; it is empty then.
  bool apply(AVPacket& packet) noexcept;
  /// The next packet has no connection with those before.
  void restart() noexcept;

 private:
  struct ContextDeleter {
    void operator()(AVBSFContext* context) const noexcept;
  };
  std::unique_ptr<AVBSFContext, ContextDeleter> context_;  // none: nothing to do
  std::vector<std::byte> extradata_;
};

}  // namespace shmvideo::source::media

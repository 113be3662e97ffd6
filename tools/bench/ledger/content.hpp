// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "ledger/ledger.hpp"
#include "shmvideo/frame_info.hpp"

namespace shmvideo::bench {

enum class Finding {
  good,
  unchecked,    ///< nothing is known of such a frame's content
  torn,         ///< not what was published under that number
  misnumbered,  ///< the number in the picture is another's
};

/// Looks at the content of one client's frames, one after the other.
class ContentCheck {
 public:
  explicit ContentCheck(Content content) noexcept : content_(content) {}
  /// `bytes` may be changed by another process meanwhile: the finding counts only where the frame proves
  /// valid afterwards, and accept() tells that.
  Finding look(const FrameInfo& info, std::span<const std::byte> bytes) noexcept;
  /// The frame that was looked at last was whole: what comes next is compared to it.
  void accept() noexcept { last_ = seen_; }

 private:
  Finding look_at_clip(std::uint16_t number) noexcept;
  Content content_;
  std::optional<std::uint16_t> last_;  // the number in the last good picture of a clip
  std::optional<std::uint16_t> seen_;
};

}  // namespace shmvideo::bench

// SPDX-License-Identifier: Apache-2.0
#include "ledger/content.hpp"

#include "ledger/stamp.hpp"
#include "shmvideo/picture.hpp"
#include "source/pattern/number_squares.hpp"

namespace shmvideo::bench {
namespace {

/// Where a clip starts over, some of its first pictures may be left out as late.
constexpr std::uint16_t kFirstPictures = 30;

}  // namespace

Finding ContentCheck::look(const FrameInfo& info, std::span<const std::byte> bytes) noexcept {
  if (content_ == Content::none) return Finding::unchecked;
  if (content_ == Content::stamps) {
    // The frame's number and the writer's epoch come from the description, the stamps from the payload:
    // a description beside another frame's payload shows too.
    return has_stamps(bytes, stamp_seed(info.number, info.source_number)) ? Finding::good : Finding::torn;
  }
  const auto picture = as_picture(info, bytes);
  const auto number = picture ? source::read_number(*picture) : std::nullopt;
  if (!number) return Finding::unchecked;
  if (content_ == Content::clip) return look_at_clip(*number);
  return *number == static_cast<std::uint16_t>(info.number) ? Finding::good : Finding::misnumbered;
}

Finding ContentCheck::look_at_clip(std::uint16_t number) noexcept {
  seen_ = number;
  return !last_ || number > *last_ || number < kFirstPictures ? Finding::good : Finding::misnumbered;
}

}  // namespace shmvideo::bench

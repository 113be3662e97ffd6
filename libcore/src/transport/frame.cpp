// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "segment/generation.hpp"
#include "segment/shared_memory_access.hpp"
#include "shmvideo/reader.hpp"
#include "transport/registration.hpp"
#include "transport/ring.hpp"

namespace shmvideo {

Frame::Frame() noexcept = default;
Frame::Frame(Frame&& other) noexcept
    : generation_(std::move(other.generation_)),
      registration_(std::move(other.registration_)),
      bytes_(std::exchange(other.bytes_, {})),
      info_(other.info_),
      slot_(other.slot_),
      hold_index_(std::exchange(other.hold_index_, -1)) {}

Frame& Frame::operator=(Frame&& other) noexcept {
  if (this == &other) return *this;
  release();
  generation_ = std::move(other.generation_);
  registration_ = std::move(other.registration_);
  bytes_ = std::exchange(other.bytes_, {});
  info_ = other.info_;
  slot_ = other.slot_;
  hold_index_ = std::exchange(other.hold_index_, -1);
  return *this;
}

Frame::~Frame() { release(); }

[[gnu::hot]] bool Frame::valid() const noexcept {
  return generation_ && ring::is_intact(*generation_, slot_, info_.number);
}

bool Frame::copy_to(std::span<std::byte> to) const noexcept {
  if (!generation_ || to.size() < bytes_.size()) return false;
  shared::racy_copy(to.data(), bytes_.data(), bytes_.size());
  return valid();
}

[[gnu::hot]] void Frame::release() noexcept {
  if (hold_index_ >= 0 && registration_) {
    if (!valid()) registration_->count_revoked();
    registration_->release(hold_index_, info_.generation);
  }
  hold_index_ = -1;
  registration_.reset();
  generation_.reset();
  bytes_ = {};
}

}  // namespace shmvideo

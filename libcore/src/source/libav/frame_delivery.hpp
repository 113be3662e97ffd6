// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "codec/convert.hpp"
#include "codec/libav/handles.hpp"
#include "shmvideo/picture.hpp"

struct SwsContext;

namespace shmvideo::source::media {

/// Writes decoded frames into slots. Formats that are ours too take one conversion by codec/convert,
/// straight into the slot; all others libswscale converts. Allocates nothing once it has seen a format.
/// One thread at a time.
class FrameDelivery {
 public:
  FrameDelivery() noexcept;
  ~FrameDelivery();
  FrameDelivery(const FrameDelivery&) = delete;
  FrameDelivery& operator=(const FrameDelivery&) = delete;
  /// False if the format is unknown to libswscale too, or memory ran out.
  bool deliver(const AVFrame& frame, const MutablePicture& to) noexcept;

 private:
  bool deliver_foreign(const AVFrame& frame, const MutablePicture& to) noexcept;
  bool prepare_scratch(const MutablePicture& like) noexcept;

  codec::PictureConverter converter_;
  SwsContext* scaler_ = nullptr;
  codec::libav::Owned<AVFrame> scratch_;
};

}  // namespace shmvideo::source::media

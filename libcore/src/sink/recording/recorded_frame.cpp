// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/recorded_frame.hpp"

#include <cstring>

extern "C" {
#include <libavcodec/defs.h>
#include <libavutil/buffer.h>
}

namespace shmvideo::sink {

SharedMemory::~SharedMemory() { av_buffer_unref(&buffer_); }

bool SharedMemory::reserve(std::size_t bytes) noexcept {
  if (buffer_ && capacity() >= bytes) return true;
  av_buffer_unref(&buffer_);
  buffer_ = av_buffer_alloc(bytes + AV_INPUT_BUFFER_PADDING_SIZE);
  return buffer_ != nullptr;
}

void SharedMemory::set_end(std::size_t bytes) noexcept {
  std::memset(data() + bytes, 0, AV_INPUT_BUFFER_PADDING_SIZE);
}

std::byte* SharedMemory::data() const noexcept {
  return buffer_ ? reinterpret_cast<std::byte*>(buffer_->data) : nullptr;
}

std::size_t SharedMemory::capacity() const noexcept {
  return buffer_ ? buffer_->size - AV_INPUT_BUFFER_PADDING_SIZE : 0;
}

bool SharedMemory::is_ours_alone() const noexcept {
  return !buffer_ || av_buffer_get_ref_count(buffer_) == 1;
}

std::optional<MutablePicture> RecordedFrame::picture() const noexcept {
  const FrameInfo layout = packed_frame_info(plan.format, plan.width, plan.height);
  auto picture = as_picture(layout, std::span(memory.data(), memory.capacity()));
  if (picture) picture->is_full_range = plan.is_full_range;
  return picture;
}

}  // namespace shmvideo::sink

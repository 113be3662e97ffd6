// SPDX-License-Identifier: Apache-2.0
#include "source/v4l2/buffers.hpp"

#include <fmt/format.h>
#include <linux/videodev2.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "shmvideo/error.hpp"
#include "source/v4l2/device.hpp"

namespace shmvideo::source {
namespace {

constexpr std::uint32_t kBuffersMax = 32;

[[noreturn]] void fail(const Device& device, int number) {
  const char* cause =
      number == EPIPE ? "its media pipeline is not set up (see media-ctl)"
      : number == ENOSPC
          ? "its USB bus has no bandwidth left; a smaller size, a lower rate or another port may help"
          : nullptr;
  if (!cause) fail_device(device.path(), "cannot start", number);
  throw Error(ErrorCode::source_failed, fmt::format("cannot start camera {}: {}", device.path(), cause),
              number);
}

/// A buffer as ioctls want it, with room for its plane where the driver has planes.
struct Request {
  v4l2_buffer buffer{};
  v4l2_plane planes[VIDEO_MAX_PLANES]{};

  Request(const Device& device, std::uint32_t index) {
    buffer.type = device.buffer_type();
    buffer.memory = V4L2_MEMORY_MMAP;
    buffer.index = index;
    if (!is_multiplanar()) return;
    buffer.m.planes = planes;
    buffer.length = VIDEO_MAX_PLANES;
  }
  bool is_multiplanar() const { return buffer.type == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE; }
};

std::uint64_t capture_time(const v4l2_buffer& buffer) {
  if ((buffer.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) != V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC) return 0;
  if (buffer.timestamp.tv_sec < 0 || buffer.timestamp.tv_usec < 0) return 0;
  return static_cast<std::uint64_t>(buffer.timestamp.tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(buffer.timestamp.tv_usec) * 1'000U;
}

}  // namespace

BufferQueue::BufferQueue(const Device& device, std::uint32_t count) : device_(device) {
  v4l2_requestbuffers request{};
  request.count = count;
  request.type = device.buffer_type();
  request.memory = V4L2_MEMORY_MMAP;
  int number = device.call(VIDIOC_REQBUFS, &request);
  if (number == 0 && (request.count == 0 || request.count > kBuffersMax)) number = ENOMEM;
  if (number != 0) fail(device, number);
  buffers_.resize(request.count);
  for (std::uint32_t i = 0; i < request.count && number == 0; ++i) number = map_one(i);
  for (std::uint32_t i = 0; i < request.count && number == 0; ++i) number = try_to_queue(i);
  int type = static_cast<int>(device.buffer_type());
  if (number == 0) number = device.call(VIDIOC_STREAMON, &type);
  if (number == 0) return;
  release();
  fail(device, number);
}

BufferQueue::~BufferQueue() { release(); }

void BufferQueue::release() noexcept {
  int type = static_cast<int>(device_.buffer_type());
  static_cast<void>(device_.call(VIDIOC_STREAMOFF, &type));
  for (Buffer& buffer : buffers_) {
    if (buffer.address) ::munmap(buffer.address, buffer.length);
  }
  buffers_.clear();
  v4l2_requestbuffers none{};
  none.type = device_.buffer_type();
  none.memory = V4L2_MEMORY_MMAP;
  static_cast<void>(device_.call(VIDIOC_REQBUFS, &none));
}

int BufferQueue::map_one(std::uint32_t index) {
  Request request(device_, index);
  if (const int number = device_.call(VIDIOC_QUERYBUF, &request.buffer)) return number;
  // Of the formats that we use each frame lies in one piece of memory, with planes or without.
  if (request.is_multiplanar() && request.buffer.length != 1) return EINVAL;
  const std::size_t length = request.is_multiplanar() ? request.planes[0].length : request.buffer.length;
  const std::uint32_t offset =
      request.is_multiplanar() ? request.planes[0].m.mem_offset : request.buffer.m.offset;
  void* address = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, device_.fd(), offset);
  // Some drivers let their buffers be mapped for both only.
  if (address == MAP_FAILED) {
    address = ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, device_.fd(), offset);
  }
  if (address == MAP_FAILED) return errno;
  buffers_[index].address = address;
  buffers_[index].length = length;
  return 0;
}

int BufferQueue::try_to_queue(std::uint32_t index) noexcept {
  Request request(device_, index);
  if (request.is_multiplanar()) request.buffer.length = 1;
  const int number = device_.call(VIDIOC_QBUF, &request.buffer);
  buffers_[index].is_queued = number == 0;
  return number;
}

int BufferQueue::take(DriverFrame& frame) noexcept {
  for (std::uint32_t i = 0; i < buffers_.size(); ++i) {
    if (!buffers_[i].is_queued && !buffers_[i].is_out) static_cast<void>(try_to_queue(i));
  }
  Request request(device_, 0);
  if (const int number = device_.call(VIDIOC_DQBUF, &request.buffer)) return number;
  if (request.buffer.index >= buffers_.size()) return EIO;
  Buffer& buffer = buffers_[request.buffer.index];
  buffer.is_queued = false;
  buffer.is_out = true;
  const std::size_t used = request.is_multiplanar() ? request.planes[0].bytesused : request.buffer.bytesused;
  // What a driver says of its own buffers is checked like what a file says.
  const auto* bytes = static_cast<const std::byte*>(buffer.address);
  frame.index = request.buffer.index;
  frame.bytes = {bytes, std::min(used, buffer.length)};
  frame.sequence = request.buffer.sequence;
  frame.capture_ns = capture_time(request.buffer);
  frame.is_damaged = (request.buffer.flags & V4L2_BUF_FLAG_ERROR) || used > buffer.length;
  frame.is_key = request.buffer.flags & V4L2_BUF_FLAG_KEYFRAME;
  return 0;
}

void BufferQueue::give_back(const DriverFrame& frame) noexcept {
  buffers_[frame.index].is_out = false;
  static_cast<void>(try_to_queue(frame.index));
}

bool BufferQueue::is_starved() const noexcept {
  return std::ranges::none_of(buffers_, [](const Buffer& buffer) { return buffer.is_queued; });
}

}  // namespace shmvideo::source

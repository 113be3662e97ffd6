// SPDX-License-Identifier: Apache-2.0
#include "http/picture_checker.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "codec/jpeg_decoder.hpp"
#include "shmvideo/picture.hpp"

namespace shmvideo::bench::http {
namespace {

/// No camera's picture is larger, and a few bytes can claim that.
constexpr std::uint64_t kPixelsMax = std::uint64_t{1} << 27;

/// What is wrong with a picture; empty if nothing is. All of its coded data are read; that only the
/// brightness is made of it costs least and shows the same damage.
std::string problem_of(codec::JpegDecoder& decoder, std::span<const std::byte> jpeg,
                       std::vector<std::byte>& pixels) {
  const auto header = decoder.probe(jpeg);
  if (!header) return std::string(decoder.message());
  if (std::uint64_t{header->width} * header->height > kPixelsMax) {
    return fmt::format("a picture of {}x{}", header->width, header->height);
  }
  const FrameInfo info = packed_frame_info(PixelFormat::gray8, header->width, header->height);
  if (pixels.size() < info.payload_bytes) pixels.resize(info.payload_bytes);
  const auto to = as_picture(info, std::span(pixels));
  if (!to) return "a size that cannot be";
  return decoder.decode(jpeg, *to) == codec::JpegStatus::ok ? std::string() : std::string(decoder.message());
}

}  // namespace

PictureChecker::PictureChecker() : thread_([this] { work(); }) { decoding_.is_on = true; }

PictureChecker::~PictureChecker() {
  if (thread_.joinable()) finish();
}

void PictureChecker::offer(std::span<const char> picture) {
  Picture copy;
  {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) {
      ++decoding_.passed_over;
      return;
    }
    copy = std::move(free_.back());
    free_.pop_back();
  }
  const auto bytes = std::as_bytes(picture);
  copy.assign(bytes.begin(), bytes.end());  // who offers it goes on with the next one
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(copy));
  }
  changed_.notify_one();
}

Decoding PictureChecker::finish() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
  return decoding_;
}

void PictureChecker::work() {
  codec::JpegDecoder decoder;
  std::vector<std::byte> pixels;
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    Picture picture = std::move(waiting_.back());
    waiting_.pop_back();
    lock.unlock();
    std::string problem = problem_of(decoder, picture, pixels);
    lock.lock();
    ++decoding_.decoded;
    if (!problem.empty()) {
      ++decoding_.undecodable;
      decoding_.newest_problem = std::move(problem);
    }
    free_.push_back(std::move(picture));
  }
}

}  // namespace shmvideo::bench::http

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

namespace shmvideo::sink {

class RawRequest;

/// What raw frames that are being made or sent take in memory, which is bounded, and the requests that an
/// encoder thread has. The loop's thread only, but for the bytes themselves.
class RawShelf {
 public:
  /// The bytes of one frame, for as long as somebody sends them.
  class Bytes {
   public:
    Bytes(std::shared_ptr<std::size_t> in_use, std::size_t size)
        : in_use_(std::move(in_use)), memory_(new (std::nothrow) std::byte[size]), size_(size) {
      *in_use_ += size_;
    }
    ~Bytes() { *in_use_ -= size_; }
    Bytes(const Bytes&) = delete;
    Bytes& operator=(const Bytes&) = delete;
    /// Empty when there was no memory.
    std::span<std::byte> all() const noexcept { return {memory_.get(), memory_ ? size_ : 0}; }

   private:
    std::shared_ptr<std::size_t> in_use_;
    std::unique_ptr<std::byte[]> memory_;
    std::size_t size_;
  };

  /// Null while so much is in use that there is no room for it; a frame alone always has room.
  std::shared_ptr<Bytes> take(std::size_t size) {
    if (*in_use_ > 0 && *in_use_ + size > kBytesMax) return nullptr;
    return std::make_shared<Bytes>(in_use_, size);
  }

  /// An encoder thread knows a request by its address: it stays until drop().
  void keep(std::shared_ptr<RawRequest> request) { with_encoder_.push_back(std::move(request)); }
  void drop(const RawRequest& request) noexcept {
    std::erase_if(with_encoder_, [&](const auto& each) { return each.get() == &request; });
  }

 private:
  /// Twenty frames of 1920x1080 in BGR24. Clients that do not take what they asked for must not fill the
  /// memory.
  static constexpr std::size_t kBytesMax = std::size_t{128} << 20;
  std::shared_ptr<std::size_t> in_use_ = std::make_shared<std::size_t>(0);
  std::vector<std::shared_ptr<RawRequest>> with_encoder_;
};

}  // namespace shmvideo::sink

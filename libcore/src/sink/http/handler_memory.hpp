// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <new>

namespace shmvideo::sink {

/// Memory for the one operation that a connection has under way, so that sending a frame allocates
/// nothing. What does not fit comes from the heap. Must outlive the operation; one thread at a time.
class HandlerMemory {
 public:
  HandlerMemory() = default;
  HandlerMemory(const HandlerMemory&) = delete;
  HandlerMemory& operator=(const HandlerMemory&) = delete;

  void* allocate(std::size_t bytes) {
    if (is_used_ || bytes > sizeof storage_) return ::operator new(bytes);
    is_used_ = true;
    return storage_;
  }
  void deallocate(void* memory) noexcept {
    if (memory != storage_) return ::operator delete(memory);
    is_used_ = false;
  }

 private:
  alignas(std::max_align_t) std::byte storage_[768];
  bool is_used_ = false;
};

/// The same as Asio wants it, for bind_allocator().
template <typename T>
class HandlerAllocator {
 public:
  using value_type = T;
  explicit HandlerAllocator(HandlerMemory& memory) noexcept : memory_(&memory) {}
  template <typename U>
  HandlerAllocator(const HandlerAllocator<U>& other) noexcept : memory_(other.memory_) {}
  T* allocate(std::size_t count) { return static_cast<T*>(memory_->allocate(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t) noexcept { memory_->deallocate(memory); }
  template <typename U>
  bool operator==(const HandlerAllocator<U>& other) const noexcept {
    return memory_ == other.memory_;
  }

 private:
  template <typename U>
  friend class HandlerAllocator;
  HandlerMemory* memory_;
};

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#include "machine/arena.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

namespace scheduler::arena {
namespace {

constexpr std::size_t kBytes = 16U << 20;
alignas(64) unsigned char block[kBytes];
std::size_t used = 0;
bool is_inside = false;
unsigned char* saved = nullptr;
std::size_t saved_bytes = 0;

void* allocate(std::size_t bytes, std::size_t alignment) noexcept {
  if (!is_inside)
    return alignment > 16 ? std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment)
                          : std::malloc(bytes);
  const std::size_t from = (used + alignment - 1) / alignment * alignment;
  if (from + bytes > kBytes) {
    std::fputs("scheduler: an execution allocates without end\n", stderr);
    std::abort();
  }
  used = from + bytes;
  return block + from;
}

void release(void* memory) noexcept {
  const auto* at = static_cast<unsigned char*>(memory);
  if (at >= block && at < block + kBytes) return;  // goes with the execution
  std::free(memory);
}

}  // namespace

Inside::Inside(bool inside) noexcept : before_(is_inside) { is_inside = inside; }
Inside::~Inside() { is_inside = before_; }

void save() {
  saved = static_cast<unsigned char*>(std::realloc(saved, used + 1));
  saved_bytes = used;
  std::memcpy(saved, block, used);
}

void restore() noexcept {
  used = saved_bytes;
  std::memcpy(block, saved, used);
}

}  // namespace scheduler::arena

void* operator new(std::size_t bytes) {
  if (void* memory = scheduler::arena::allocate(bytes, 16)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  if (void* memory = scheduler::arena::allocate(bytes, static_cast<std::size_t>(alignment))) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { scheduler::arena::release(memory); }
void operator delete(void* memory, std::size_t) noexcept { scheduler::arena::release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { scheduler::arena::release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  scheduler::arena::release(memory);
}

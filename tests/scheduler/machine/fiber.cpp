// SPDX-License-Identifier: Apache-2.0
#include "machine/fiber.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace scheduler {

Fiber::Fiber() : stack_(static_cast<unsigned char*>(std::malloc(kStackBytes))) {}
Fiber::~Fiber() {
  std::free(stack_);
  std::free(saved_stack_);
}

void Fiber::enter(unsigned low, unsigned high) {
  const auto* fiber = reinterpret_cast<Fiber*>(std::uintptr_t{high} << 32 | low);
  (*fiber->body_)();
  std::abort();
}

void Fiber::start(const std::function<void()>* body) {
  body_ = body;
  ::getcontext(&context_);
  context_.uc_stack.ss_sp = stack_;
  context_.uc_stack.ss_size = kStackBytes;
  context_.uc_link = nullptr;
  const auto self = reinterpret_cast<std::uintptr_t>(this);
  ::makecontext(&context_, reinterpret_cast<void (*)()>(&Fiber::enter), 2, static_cast<unsigned>(self),
                static_cast<unsigned>(self >> 32));
}

void Fiber::resume() noexcept { ::swapcontext(&caller_, &context_); }
void Fiber::pause() noexcept { ::swapcontext(&context_, &caller_); }

void Fiber::save() {
  if (!saved_stack_) saved_stack_ = static_cast<unsigned char*>(std::malloc(kSavedBytes));
  std::memcpy(saved_stack_, stack_ + kStackBytes - kSavedBytes, kSavedBytes);
  saved_ = context_;
}

void Fiber::restore() noexcept {
  std::memcpy(stack_ + kStackBytes - kSavedBytes, saved_stack_, kSavedBytes);
  // The registers alone: what points into the context stays where it is.
  context_.uc_mcontext = saved_.uc_mcontext;
#ifdef __x86_64__
  context_.uc_mcontext.fpregs = &context_.__fpregs_mem;
  context_.__fpregs_mem = saved_.__fpregs_mem;
#endif
}

}  // namespace scheduler

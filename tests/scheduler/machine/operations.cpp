// SPDX-License-Identifier: Apache-2.0
// What a thread does to words: where it may be interrupted, and what it finds.
#include <cinttypes>
#include <cstdio>
#include <cstring>

#include "machine/arena.hpp"
#include "machine/machine.hpp"
#include "shmvideo/layout.h"

namespace scheduler {
namespace {

std::uint64_t real_load(const void* address, unsigned bytes) {
  if (bytes == 4) return __atomic_load_n(static_cast<const std::uint32_t*>(address), __ATOMIC_ACQUIRE);
  if (bytes == 8) return __atomic_load_n(static_cast<const std::uint64_t*>(address), __ATOMIC_ACQUIRE);
  return __atomic_load_n(static_cast<const std::uint8_t*>(address), __ATOMIC_ACQUIRE);
}
void real_store(void* address, unsigned bytes, std::uint64_t value) {
  if (bytes == 4)
    __atomic_store_n(static_cast<std::uint32_t*>(address), static_cast<std::uint32_t>(value),
                     __ATOMIC_RELEASE);
  else if (bytes == 8)
    __atomic_store_n(static_cast<std::uint64_t*>(address), value, __ATOMIC_RELEASE);
  else
    __atomic_store_n(static_cast<std::uint8_t*>(address), static_cast<std::uint8_t>(value), __ATOMIC_RELEASE);
}

/// The part of a signature that names the function.
std::string short_name(const char* site) {
  std::string text(site);
  text.resize(std::min(text.find('('), text.size()));
  const auto from = text.find_last_of(" ");
  return from == std::string::npos ? text : text.substr(from + 1);
}

}  // namespace

void Machine::say(const char* what, std::size_t location, std::uint64_t value, const char* site) {
  if (!is_tracing_) return;
  std::printf("  %-9s %-22s %-22s %#-12" PRIx64 " %s\n", threads_[current_].name, what,
              addresses_.name(location).c_str(), value, short_name(site).c_str());
}

void Machine::note(const std::string& text) {
  if (is_tracing_) std::printf("  %-9s * %s\n", current_ < 0 ? "" : threads_[current_].name, text.c_str());
}

// A step is: loads, then at most one thing that synchronises or stores, then more stores. Nothing is lost by
// that. A load may return any store that the thread has not seen beyond, so a later load can do all that an
// earlier one could: loads wait for the moment before their thread's next effect. And a store can be there
// early, as nobody has to read it. What remains to be ordered are the effects.
void Machine::before_load() {
  count_step();
  if (!threads_[current_].has_effect) return;
  pause();
  threads_[current_].has_effect = false;
}

void Machine::before_effect() {
  count_step();
  if (is_to_die()) die();
  threads_[current_].has_effect = true;
}

void Machine::before_synchronising() {
  count_step();
  Thread& me = threads_[current_];
  const bool dies = is_to_die();
  if (me.has_effect) pause();
  me.has_effect = true;
  if (dies) die();
}

std::size_t Machine::known(const AddressMap::Word& word, const void* address, unsigned bytes) {
  if (!memory_.is_known(word.location)) memory_.introduce(word.location, real_load(address, bytes));
  return word.location;
}

std::uint64_t Machine::load_word(std::size_t location, Order order) {
  const auto me = static_cast<unsigned>(current_);
  touched_.observes.set(location);
  const unsigned choice = explorer_.choose(static_cast<unsigned>(memory_.choices(me, location)));
  return memory_.load(me, location, choice, order);
}

std::uint64_t Machine::load(const void* address, unsigned bytes, Order order, const char* operation,
                            const char* site) {
  if (!is_running()) return real_load(address, bytes);
  const arena::Inside outside(false);
  if (mutation_.effect == Mutation::Effect::first_generation && mutation_.is_at(operation, site)) {
    is_mutation_met_ = true;
    address = addresses_.in_first_file(address);
  }
  const auto word = addresses_.find(address);
  if (!word) {
    if (order == Order::acquire) memory_.take_view(own_place(), static_cast<unsigned>(current_));
    return real_load(address, bytes);
  }
  before_load();
  const std::size_t location = known(*word, address, bytes);
  if (is_mutated(operation, site, location) && mutation_.effect == Mutation::Effect::relax)
    order = Order::relaxed;
  std::uint64_t value = load_word(location, order);
  say(operation, location, value, site);
  if (is_mutated(operation, site, location) && mutation_.effect == Mutation::Effect::claimed_is_stable &&
      (value & 3) == 1)
    value &= ~std::uint64_t{3};
  if (is_mutated(operation, site, location) && mutation_.effect == Mutation::Effect::death_unseen)
    value &= ~std::uint64_t{SHMV_OWNER_DIED};
  return value;
}

void Machine::store(void* address, unsigned bytes, std::uint64_t value, Order order, const char* operation,
                    const char* site) {
  if (!is_running()) return real_store(address, bytes, value);
  const arena::Inside outside(false);
  const auto word = addresses_.find(address);
  if (!word) {
    if (order == Order::release) memory_.leave_view(static_cast<unsigned>(current_), own_place());
    return real_store(address, bytes, value);
  }
  word->is_futex ? before_synchronising() : before_effect();
  const std::size_t location = known(*word, address, bytes);
  if (is_mutated(operation, site, location)) {
    if (mutation_.effect == Mutation::Effect::drop) return;
    order = Order::relaxed;
  }
  touched_.writes.set(location);
  memory_.store(static_cast<unsigned>(current_), location, value, order);
  say(operation, location, value, site);
}

std::uint64_t Machine::fetch_add(void* address, unsigned bytes, std::uint64_t operand, const char* site) {
  const arena::Inside outside(false);
  const auto word = is_running() ? addresses_.find(address) : std::nullopt;
  if (!word) {
    if (is_running()) memory_.leave_view(static_cast<unsigned>(current_), own_place());
    if (is_running()) memory_.take_view(own_place(), static_cast<unsigned>(current_));
    const std::uint64_t before = real_load(address, bytes);
    real_store(address, bytes, before + operand);
    return before;
  }
  before_synchronising();
  const std::size_t location = known(*word, address, bytes);
  const Order order = is_mutated("fetch_add", site, location) ? Order::relaxed : Order::acquire_release;
  touched_.reads.set(location);
  touched_.writes.set(location);
  const std::uint64_t before = memory_.fetch_add(static_cast<unsigned>(current_), location, operand, order);
  say("fetch_add", location, before + operand, site);
  return before;
}

void Machine::fence(Order order, const char* operation, const char* site) {
  if (!is_running()) return;
  const arena::Inside outside(false);
  if (is_mutated(operation, site, kFences) && mutation_.effect == Mutation::Effect::drop) return;
  is_behind_fence_ = mutation_.is_at(operation, site);
  // Only fences of total order are seen by others; the rest is between the accesses of their own thread.
  if (order == Order::sequential) {
    before_synchronising();
    touched_.writes.set(kFences);
  }
  memory_.fence(static_cast<unsigned>(current_), order);
  say(operation, kFences, 0, site);
}

bool Machine::is_mutated(const char* operation, const char* site, std::size_t location) {
  if (!mutation_.is_at(operation, site)) return false;
  if (!mutation_.word.empty() && addresses_.name(location).find(mutation_.word) == std::string::npos)
    return false;
  return is_mutation_met_ = true;
}

std::uint64_t Machine::newest(const void* address) {
  const auto word = addresses_.find(address);
  if (!word) return real_load(address, 8);
  touched_.reads.set(word->location);
  return memory_.is_known(word->location) ? memory_.newest(word->location)
                                          : real_load(address, word->is_futex ? 4 : 8);
}

std::uint64_t scheduled_load(const void* address, unsigned bytes, bool acquires, const char* site) {
  return Machine::get().load(address, bytes, acquires ? Order::acquire : Order::relaxed,
                             acquires ? "load_acquire" : "load_relaxed", site);
}
void scheduled_store(void* address, unsigned bytes, std::uint64_t value, bool releases, const char* site) {
  Machine::get().store(address, bytes, value, releases ? Order::release : Order::relaxed,
                       releases ? "store_release" : "store_relaxed", site);
}
std::uint64_t scheduled_fetch_add(void* address, unsigned bytes, std::uint64_t operand, const char* site) {
  return Machine::get().fetch_add(address, bytes, operand, site);
}
void scheduled_fence(const char* operation, const char* site) {
  const Order order = std::strcmp(operation, "fence_seq_cst") == 0   ? Order::sequential
                      : std::strcmp(operation, "fence_acquire") == 0 ? Order::acquire
                                                                     : Order::release;
  Machine::get().fence(order, operation, site);
}

}  // namespace scheduler

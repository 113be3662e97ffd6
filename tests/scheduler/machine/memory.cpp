// SPDX-License-Identifier: Apache-2.0
#include "machine/memory.hpp"

#include <cstdio>
#include <cstdlib>

namespace scheduler {
namespace {

bool acquires(Order order) {
  return order == Order::acquire || order == Order::acquire_release || order == Order::sequential;
}
bool releases(Order order) {
  return order == Order::release || order == Order::acquire_release || order == Order::sequential;
}

}  // namespace

void Memory::reset() noexcept {
  for (auto& history : histories_) history.clear();
  threads_ = {};
  places_ = {};
  sequential_ = {};
}

void Memory::introduce(std::size_t location, std::uint64_t value) {
  histories_[location].push_back({value, View{}});
}

std::size_t Memory::choices(unsigned thread, std::size_t location) const noexcept {
  return histories_[location].size() - threads_[thread].current[location];
}

std::uint64_t Memory::load(unsigned thread, std::size_t location, std::size_t choice, Order order) noexcept {
  const std::size_t index = histories_[location].size() - 1 - choice;
  const Store& store = histories_[location][index];
  Thread& me = threads_[thread];
  me.current[location] = static_cast<std::uint8_t>(index);
  me.acquired[location] = static_cast<std::uint8_t>(index);
  me.acquired.join(store.view);
  if (acquires(order)) me.current.join(store.view);
  return store.value;
}

void Memory::append(unsigned thread, std::size_t location, std::uint64_t value, const View& carried) {
  auto& history = histories_[location];
  if (history.size() > 254) {
    std::fputs("scheduler: more stores to one word than a view can count\n", stderr);
    std::abort();
  }
  const auto index = static_cast<std::uint8_t>(history.size());
  Thread& me = threads_[thread];
  me.current[location] = me.acquired[location] = index;
  history.push_back({value, carried});
  history.back().view[location] = index;
}

void Memory::store(unsigned thread, std::size_t location, std::uint64_t value, Order order) {
  // By value: append() changes the views and may move the stores.
  const View carried = releases(order) ? threads_[thread].current : threads_[thread].released;
  append(thread, location, value, carried);
}

std::uint64_t Memory::fetch_add(unsigned thread, std::size_t location, std::uint64_t operand, Order order) {
  const std::uint64_t before = load(thread, location, 0, order);
  View carried = releases(order) ? threads_[thread].current : threads_[thread].released;
  carried.join(histories_[location].back().view);
  append(thread, location, before + operand, carried);
  return before;
}

void Memory::fence(unsigned thread, Order order) noexcept {
  Thread& me = threads_[thread];
  if (acquires(order)) me.current.join(me.acquired);
  if (order == Order::sequential) {
    sequential_.join(me.current);
    me.current = sequential_;
    me.acquired.join(me.current);
  }
  if (releases(order)) me.released = me.current;
}

}  // namespace scheduler

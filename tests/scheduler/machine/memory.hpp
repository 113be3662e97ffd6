// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace scheduler {

constexpr std::size_t kLocationsMax = 160;
constexpr std::size_t kThreadsMax = 6;
constexpr std::size_t kPlacesMax = 24;

/// What a step touches: for the question whether two steps of different threads can be swapped.
using Locations = std::bitset<kLocationsMax>;
struct Footprint {
  Locations reads;     ///< of the newest store: compared by the kernel, added to, looked up
  Locations observes;  ///< of any store that is not too old for its thread
  Locations writes;
  void add(const Footprint& other) noexcept {
    reads |= other.reads;
    observes |= other.observes;
    writes |= other.writes;
  }
  /// Does going first, before `later`, lead to all that going after it leads to? Who observes can still
  /// find the older store when there is a newer one, so a store of this step takes nothing from `later`.
  bool covers_going_after(const Footprint& later) const noexcept {
    return (later.writes & (reads | observes | writes)).none() && (later.reads & writes).none();
  }
};

/// For each location the oldest store that a thread may still read, as an index into its history.
class View {
 public:
  std::uint8_t& operator[](std::size_t location) noexcept { return at_[location]; }
  std::uint8_t operator[](std::size_t location) const noexcept { return at_[location]; }
  void join(const View& other) noexcept {
    for (std::size_t i = 0; i < kLocationsMax; ++i) at_[i] = at_[i] > other.at_[i] ? at_[i] : other.at_[i];
  }

 private:
  std::array<std::uint8_t, kLocationsMax> at_{};
};

enum class Order : std::uint8_t { relaxed, acquire, release, acquire_release, sequential };

/// The memory of an operational weak-memory machine, in the manner of view-based semantics (Promising
/// Semantics without promises, which is RC11 without load buffering): a location is the list of the stores
/// to it, a thread has a view of how far down each list it has seen, and a load may return any store
/// that is not older. Release stores carry the view of their thread, acquire loads take it over.
/// Stores to a location are ordered as they are executed. Not thread-safe: the machine has one real thread.
class Memory {
 public:
  /// Forgets all stores and views.
  void reset() noexcept;
  bool is_known(std::size_t location) const noexcept { return !histories_[location].empty(); }
  /// What a location holds before anybody stored to it, which all have seen.
  void introduce(std::size_t location, std::uint64_t value);

  /// From how many stores a load may choose; 0 is the newest.
  std::size_t choices(unsigned thread, std::size_t location) const noexcept;
  std::uint64_t load(unsigned thread, std::size_t location, std::size_t choice, Order order) noexcept;
  void store(unsigned thread, std::size_t location, std::uint64_t value, Order order);
  /// Reads the newest store and adds to it, in one step. Goes on with the release sequence.
  std::uint64_t fetch_add(unsigned thread, std::size_t location, std::uint64_t operand, Order order);
  void fence(unsigned thread, Order order) noexcept;

  /// The newest store, whoever may see it: what the kernel compares, what the end of all is judged by.
  std::uint64_t newest(std::size_t location) const noexcept { return histories_[location].back().value; }
  /// All that `from` has seen, `to` has seen from now on.
  void pass_view(unsigned from, unsigned to) noexcept { threads_[to].current.join(threads_[from].current); }
  /// The same by way of something that is no word: a lock, a name in a directory, a word of a process's own.
  void leave_view(unsigned from, std::size_t place) noexcept { places_[place].join(threads_[from].current); }
  void take_view(std::size_t place, unsigned to) noexcept { threads_[to].current.join(places_[place]); }

 private:
  struct Store {
    std::uint64_t value;
    View view;  ///< what who acquires this has seen then
  };
  struct Thread {
    View current;   ///< loads must not go behind this
    View acquired;  ///< what an acquire fence adds: the views of all that was read, relaxed too
    View released;  ///< what a relaxed store carries: the view at the last release fence
  };
  void append(unsigned thread, std::size_t location, std::uint64_t value, const View& carried);
  std::array<std::vector<Store>, kLocationsMax> histories_;
  std::array<Thread, kThreadsMax> threads_;
  std::array<View, kPlacesMax> places_;
  View sequential_;  ///< what all fences of total order have seen
};

}  // namespace scheduler

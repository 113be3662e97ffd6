// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "machine/memory.hpp"

namespace scheduler {

/// Locations that are no words: steps that touch the same one do not commute.
enum Resource : std::size_t {
  kFences,
  kFutexQueues,
  kDirectory,
  kLocks,
  kOwnQueues,  ///< of words in a process's own memory; one for each process
  kFirstWord = kOwnQueues + kThreadsMax
};

/// Which words of which files are locations of the machine: one location for a word, however often its file
/// is mapped. A segment's words are named by the offset in their file; words that only tell people something
/// (counters, heartbeats, statistics), and all but two words of a payload and of a description, stay
/// ordinary memory. Locations keep their numbers from one execution to the next.
class AddressMap {
 public:
  struct Word {
    std::size_t location;
    bool is_futex;  ///< may be slept on: 32 bits
  };
  /// A slot of a mapped segment, by an address within its payload.
  struct Slot {
    std::uint32_t index;
    std::size_t file;
    const std::uint64_t* sequence;
  };
  AddressMap();
  /// Whether the words that readers sleep on are words of the machine; else they are ordinary memory, and
  /// waking is nothing.
  void model_waking(bool does_model) noexcept { models_waking_ = does_model; }
  bool models_waking() const noexcept { return models_waking_; }
  /// A mapping of a file was made; files are told apart by their inode. `file` counts from 0.
  void add(const void* begin, std::size_t bytes, std::uint64_t inode);
  void remove(const void* begin) noexcept;
  /// Brings back the mappings of when it was called last.
  void save();
  void restore() noexcept;

  std::optional<Word> find(const void* address) noexcept;
  /// A word of NAME.readers; nothing for those that the machine leaves alone.
  std::optional<std::size_t> find_in_readers(std::size_t offset) noexcept;
  /// Where the word of a segment file stands in a mapping of it; the file of a mapping.
  std::optional<Word> find_in_segment(std::uint64_t inode, std::size_t offset) noexcept;
  std::string name(std::size_t location) const;
  /// The same place in a mapping of the first segment.
  const void* in_first_file(const void* address) const noexcept;
  Slot slot_of(const void* payload) const noexcept;
  std::size_t size() const noexcept { return keys_.size(); }

 private:
  struct Range {
    const std::byte* begin;
    std::size_t bytes;
    std::size_t file;
  };
  std::size_t file_of(std::uint64_t inode);
  std::optional<Word> classify(std::size_t file, const std::byte* begin, std::size_t offset) noexcept;
  std::size_t location_of(std::size_t file, std::size_t offset) noexcept;

  bool models_waking_ = true;
  std::vector<Range> ranges_;
  std::vector<std::uint64_t> inodes_;
  std::vector<Range> saved_ranges_;
  std::size_t saved_inodes_ = 0;
  std::vector<std::uint64_t> keys_;               ///< of each location: file and offset
  std::vector<std::vector<std::uint8_t>> table_;  ///< file, offset / 4: location, 0 unknown
};

}  // namespace scheduler

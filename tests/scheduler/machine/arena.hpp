// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

/// Memory of the program under test, whose state can be brought back: what operator new gives while an
/// InArena stands comes from one block that only grows. So a Writer and its Readers are made
/// once, with real files, and each execution begins with a copy of them as they were then.
namespace scheduler::arena {

/// While one stands, what is allocated belongs to the program under test. Nests; the innermost counts.
class Inside {
 public:
  explicit Inside(bool inside = true) noexcept;
  ~Inside();
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  bool before_;
};

/// Keeps the contents, for restore().
void save();
void restore() noexcept;

}  // namespace scheduler::arena

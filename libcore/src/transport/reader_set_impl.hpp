// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "shmvideo/reader_set.hpp"
#include "transport/pairing.hpp"
#include "transport/reader_impl.hpp"

namespace shmvideo {

/// What a ReaderSet is made of. reader_set.cpp waits, reader_set_pair.cpp pairs.
struct [[gnu::visibility("hidden")]] ReaderSet::Impl {
  /// What there was to see of a reader at one moment.
  struct Sight {
    WakeWords words;
    std::uint64_t generation = 0;
    std::uint64_t last = 0;  // frame that was delivered last
    bool operator==(const Sight&) const = default;
  };
  struct Member {
    Reader* reader = nullptr;
    Sight reported;       // when it was reported last: what is still so is not told again
    WakeWords looked_at;  // when it was last seen to publish
    std::uint64_t next_look_ns = 0;
    Frame candidate;        // for pair()
    bool end_told = false;  // pair() said that the writer has ended
  };

  Reader::Impl& of(std::size_t i) const noexcept { return *members[i].reader->impl_; }
  bool is_interrupted(std::size_t i) const noexcept;
  /// Sleeps until one of `wanted` is worth a next() or any was interrupted, or until the deadline: then none
  /// is.
  Ready wait(Ready wanted, std::uint64_t deadline_ns);
  /// Whether the reader has something to say that was not reported. `words` were read before `fate`.
  bool is_news(std::size_t i, const WakeWords& words, Fate fate) noexcept;
  /// Goes on with another generation where one stands under the name; looks now and then only.
  void look_for_successor(std::size_t i, std::uint64_t now) noexcept;

  /// Asks every reader without a candidate for one. `frame` when all have one, nothing while there is to be
  /// waited, anything else is the answer.
  std::optional<ReadStatus> fill(bool is_over);
  /// Ends an interruption of any of the readers.
  bool take_interruption() noexcept;
  /// Lets go of the oldest if it lies too far from the newest. True if those that are there belong together.
  bool sift(std::uint64_t tolerance_ns) noexcept;
  Ready without_candidate() const noexcept;

  std::array<Member, kMax> members{};
  std::size_t count = 0;
};

}  // namespace shmvideo

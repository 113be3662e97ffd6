// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shmvideo/layout.h"

namespace shmvideo_test {

/// The bytes of a fuzzer's input, one after the other; zeros when they are used up.
class Choices {
 public:
  explicit Choices(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  bool is_used_up() const { return at_ >= bytes_.size(); }
  std::uint8_t byte() { return is_used_up() ? 0 : bytes_[at_++]; }
  std::uint32_t below(std::uint32_t end) { return byte() % end; }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

/// A segment under the name "fuzz" and its NAME.readers, in a place of its own, in the hands of a writer that
/// does what the input says: some of it right, most of it wrong, between the calls of a reader and during
/// them. One at a time, one thread.
class ReaderScene {
 public:
  explicit ReaderScene(Choices& choices);
  ~ReaderScene();
  ReaderScene(const ReaderScene&) = delete;
  ReaderScene& operator=(const ReaderScene&) = delete;

  /// Changes a word: which, and to what, is up to the input.
  void spoil();
  /// A frame, published as it ought to be but for what the input says.
  void publish();
  /// Says that the writer died, ended or has a successor; or takes it back.
  void change_fate();
  /// Another file under the name, its sizes spoilt if the input says so.
  void replace();
  /// Bytes over NAME.readers, or its end cut off.
  void spoil_readers_file();
  /// Lets some of the above happen at the next steps of the reader (see stepped_access.hpp).
  void lie_in_wait();
  /// Ends what lies in wait. Aborts if the reader took more steps since lie_in_wait() than any loop of its
  /// may.
  void end_call();

  /// Called at each step of the reader.
  void step();

 private:
  struct Ambush {
    std::uint32_t steps = 0;  // until then
    std::uint8_t deed = 0;
  };
  void make_file(bool is_spoilt);
  void do_deed(std::uint8_t deed);
  std::uint64_t value();

  Choices& choices_;
  std::vector<std::uint8_t> sample_;
  shmv_header sizes_{};  // as the sample has them
  std::uint8_t* memory_ = nullptr;
  std::uint64_t number_ = 0;
  std::vector<Ambush> ambushes_;
  std::uint64_t steps_ = 0;
  bool is_acting_ = false;
};

}  // namespace shmvideo_test

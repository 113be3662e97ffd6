// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace shmvideo_bench {

/// How long and how often to measure, from the command line: without options as for published figures.
///   --quick       a third of the time
///   --smoke       only proves that the program works
///   --patience S  waits before each repetition until nothing else runs here, S seconds in all at most
class Effort {
 public:
  /// Ends the program with a message when it is called in any other way.
  static Effort from(int argc, char** argv);

  unsigned repetitions() const noexcept { return repetitions_; }
  bool is_smoke() const noexcept { return is_smoke_; }
  /// `count` (of frames in a repetition) scaled, at least `least`.
  unsigned scaled(unsigned count, unsigned least) const noexcept;
  /// To be called before each repetition, while everything of the benchmark sleeps.
  void wait_for_rest() const;

 private:
  unsigned repetitions_ = 7;
  double scale_ = 1;
  bool is_smoke_ = false;
  mutable double patience_seconds_ = 0;
};

}  // namespace shmvideo_bench

// SPDX-License-Identifier: Apache-2.0
// What comes in at the input of a capture card: an HDMI or analogue signal that may be missing or change.
#pragma once

#include <memory>
#include <string>

#include "source/v4l2/modes.hpp"

namespace shmvideo::source {

class Device;

/// The signal at a device's present input, and what it is set to capture. Inputs that are cameras
/// themselves always have one. One thread at a time. The device must outlive it.
class Signal {
 public:
  explicit Signal(const Device& device);
  ~Signal();

  /// Looks for the signal and sets the device to its timings. Throws Error(source_failed) with a
  /// sentence: that there is no signal, or that it cannot be captured.
  void lock();
  /// The rate of digital timings; numerator 0: it is for the camera to say.
  FrameRate rate() const noexcept { return rate_; }
  /// The size of digital timings; 0x0: it is for the camera to say.
  PictureSize size() const noexcept { return size_; }

  /// Takes what the driver says of changes; true if there was something.
  bool take_events() noexcept;
  /// Why frames of the signal that lock() found do not come any more, as a clause; empty if nothing
  /// is wrong with it.
  std::string loss() const;

 private:
  struct Timings;
  [[noreturn]] void fail(const std::string& what, int number) const;
  void lock_timings();
  std::string fault(int number) const;
  std::string input_name() const;
  std::string missing() const;

  const Device& device_;
  std::unique_ptr<Timings> timings_;
  FrameRate rate_{0, 1};
  PictureSize size_;
};

}  // namespace shmvideo::source

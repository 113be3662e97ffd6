// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace shmvideo_bench {

/// A running shm-mjpeg, stopped at the end.
class Served {
 public:
  /// Throws std::runtime_error when it does not start.
  explicit Served(const std::string& segment);
  ~Served();
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  std::uint16_t port() const noexcept { return port_; }

  struct Cpu {
    double all_seconds = 0;      ///< processor time of all its threads so far
    double encoder_seconds = 0;  ///< of those that encode
  };
  Cpu cpu() const;
  /// Pictures that it encoded so far, by its own count. Throws std::runtime_error.
  std::uint64_t encodes() const;
  /// Memory that is its own and written to, MiB.
  double private_dirty_mib() const;

 private:
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace shmvideo_bench

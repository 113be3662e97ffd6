// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "http/load_result.hpp"

namespace shmvideo::bench::http {

/// Decodes pictures in a thread of its own, so that the measuring goes on: those that it has no time for
/// are passed over, and counted. offer() and finish() by one thread.
class PictureChecker {
 public:
  PictureChecker();
  ~PictureChecker();
  PictureChecker(const PictureChecker&) = delete;
  PictureChecker& operator=(const PictureChecker&) = delete;

  /// The picture is copied if there is room for it.
  void offer(std::span<const char> picture);
  /// Ends it, once what was taken is decoded, and tells what came of it. Once.
  Decoding finish();

 private:
  using Picture = std::vector<std::byte>;

  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Picture> free_ = std::vector<Picture>(4);  // their memory is used again
  std::vector<Picture> waiting_;
  bool is_ending_ = false;
  Decoding decoding_;
  std::thread thread_;
};

}  // namespace shmvideo::bench::http

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "shmvideo/picture.hpp"
#include "source/pacer.hpp"

namespace shmvideo::source {

/// A GStreamer pipeline that ends in an appsink, seen as a queue of pictures. No type of GStreamer leaves it.
/// One thread at a time.
class Pipeline {
 public:
  Pipeline();
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// Starts what `text` describes. Throws Error(source_failed) with GStreamer's reason.
  void start(const std::string& text);

  enum class Pull { picture, nothing_yet, end, failed };
  /// Waits up to `patience` for the next picture, which stands until the next call.
  Pull pull(std::chrono::nanoseconds patience) noexcept;
  /// What GStreamer says is wrong; empty before it does.
  const std::string& failure() const noexcept { return failure_; }

  /// Calls `use` with the picture that was pulled; false if there is none that can be seen.
  bool with_picture(const std::function<bool(const Picture&)>& use) const noexcept;
  std::uint32_t width() const noexcept;
  std::uint32_t height() const noexcept;
  FrameRate rate() const noexcept;
  std::int64_t pts_ns() const noexcept;  ///< below 0: unknown
  /// Whether it knows how long it lasts, as what is recorded does. After the first picture.
  bool has_duration() const noexcept;

  /// A file as a URI; empty if `path` is none.
  static std::string uri_of_file(const std::string& path);

 private:
  struct Impl;
  void look_at_bus() noexcept;
  std::unique_ptr<Impl> impl_;
  std::string failure_;
};

}  // namespace shmvideo::source

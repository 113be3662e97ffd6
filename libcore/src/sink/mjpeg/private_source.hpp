// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "shmvideo/name.hpp"

namespace shmvideo::sink {

/// A segment whose name begins so is its maker's own business: nobody takes it up without being told its
/// name.
constexpr std::string_view kPrivatePrefix = "private.";
inline bool is_private(std::string_view segment) noexcept { return segment.starts_with(kPrivatePrefix); }

/// A writer that a server has for itself, and that publishes while somebody wants its frames.
/// The server calls on its loop's thread, and waits for nothing here.
class PrivateSource {
 public:
  virtual ~PrivateSource() = default;
  /// Where it publishes; the same all its life, and private.
  virtual const SegmentName& segment() const noexcept = 0;
  /// Is to publish pictures of that size, as near as it can; 0: of its own. Whenever that goes wrong,
  /// `on_failure` is called from whatever thread. While it is started already this changes nothing.
  virtual void start(std::uint32_t width, std::uint32_t height, std::function<void()> on_failure) = 0;
  /// Is to publish no more. From here on nobody is told of failures.
  virtual void stop() noexcept = 0;
  /// Whether frames may be about to come: it was started, and nothing went wrong since.
  virtual bool is_starting() const = 0;
  /// For people: what went wrong, if anything did.
  virtual std::string why_not() const = 0;
};

}  // namespace shmvideo::sink

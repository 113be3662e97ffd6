// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "sink/http/tls/tls_context.hpp"

struct ssl_st;

namespace shmvideo::sink {

/// One TLS session over a non-blocking descriptor, which is borrowed. No call waits: each tells for what its
/// caller has to. Once it stands, sending and receiving allocate nothing. Not thread-safe.
class TlsSession {
 public:
  enum class Outcome {
    done,
    wants_read,   ///< again, when there is something to read
    wants_write,  ///< again, with the same bytes, when there is room
    ended,        ///< the other side has nothing more to say
    failed,       ///< see problem()
    plain_http,   ///< the other side did not speak TLS, but HTTP
  };
  /// Throws Error(system) when there is no memory.
  TlsSession(const TlsContext& context, int descriptor);

  Outcome shake_hands() noexcept;
  /// `bytes` were read into `room`.
  Outcome read(std::span<std::byte> room, std::size_t& bytes) noexcept;
  /// `bytes` of what was given went to the kernel, at most kRecordBytes. With wants_write none did: the next
  /// call has to begin with the same, and to have no less.
  Outcome write(std::span<const std::byte> given, std::size_t& bytes) noexcept;
  /// Tells the other side that nothing more comes, if that is possible at once.
  void say_goodbye() noexcept;
  /// Whether something was received that read() has not given yet: the descriptor need not be readable then.
  bool has_unread() const noexcept;
  /// What went wrong, in OpenSSL's words.
  const char* problem() const noexcept { return problem_; }

  static constexpr std::size_t kRecordBytes = 16 * 1024;  ///< TLS has none that are larger

 private:
  Outcome outcome_of(int result) noexcept;
  struct Free {
    void operator()(ssl_st* session) const noexcept;
  };
  std::unique_ptr<ssl_st, Free> session_;
  const char* problem_ = "";
};

}  // namespace shmvideo::sink

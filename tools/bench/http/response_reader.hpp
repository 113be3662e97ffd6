// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "http/part_reader.hpp"

namespace shmvideo::bench::http {

/// Reads one response that carries a stream: HTTP/1.0 or 1.1, up to its end or in chunks, by Beast's
/// parser; the parts in it by PartReader. A bare stream has no head, and consists of parts from its first
/// byte. Any bytes are safe to give to it. Not thread-safe.
class ResponseReader {
 public:
  enum class Problem { none, status, malformed, ended };

  explicit ResponseReader(bool is_bare, bool keep_pictures = false);
  ~ResponseReader();
  ResponseReader(const ResponseReader&) = delete;
  ResponseReader& operator=(const ResponseReader&) = delete;

  /// False if there is nothing more to read: see problem() for why.
  bool feed(std::string_view bytes, PartSink& sink);

  /// The head is through, and said that a stream follows.
  bool is_streaming() const noexcept { return parts_ != nullptr; }
  bool is_within_part() const noexcept { return parts_ && parts_->is_within_part(); }
  /// As PartReader has them; in chunks nothing can be left unread.
  std::size_t skippable() const noexcept { return is_direct_ ? parts_->skippable() : 0; }
  void skip(std::size_t bytes) noexcept { parts_->skip(bytes); }
  std::size_t worth_reading(std::size_t most) const noexcept {
    return is_direct_ ? parts_->worth_reading(most) : most;
  }

  Problem problem() const noexcept { return problem_; }
  const std::string& problem_text() const noexcept { return problem_text_; }

 private:
  struct Framing;  // the parser of head and chunks

  bool feed_framing(std::string_view bytes, PartSink& sink);
  bool begin_stream();
  bool check_parts();
  bool fail(Problem problem, std::string text);

  const bool keeps_pictures_;
  bool is_direct_ = false;  // what comes is parts and nothing else
  std::unique_ptr<PartReader> parts_;
  std::unique_ptr<Framing> framing_;
  Problem problem_ = Problem::none;
  std::string problem_text_;
};

}  // namespace shmvideo::bench::http

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "http/part_head.hpp"

namespace shmvideo::bench::http {

/// What can be wrong with a picture.
enum class Fault : std::uint8_t { none, empty, no_start, no_end, wrong_length, undecodable };
constexpr std::size_t kFaults = 6;

/// A part that is complete.
struct Part {
  const PartHead& head;
  std::uint64_t bytes = 0;          ///< of the picture
  Fault fault = Fault::none;        ///< all but wrong_length and undecodable
  std::span<const char> picture{};  ///< where pictures are kept; until the call returns
};

/// Who is told of parts.
class PartSink {
 public:
  virtual void on_part(const Part& part) = 0;
  /// Behind the part that was told last comes no boundary: it is not as long as it says.
  virtual void on_wrong_length() = 0;

 protected:
  ~PartSink() = default;
};

/// Reads the body of a multipart/x-mixed-replace response, in whatever pieces it comes. A part is told of
/// when its last byte is there: with a Content-Length at once, without one when the next boundary came.
/// Pictures are looked at by their ends: the SOI marker in front and the EOI marker behind. What lies
/// between need not even be read: see skippable(). Any bytes are safe to give to it, and what it keeps is
/// bounded. Not thread-safe.
class PartReader {
 public:
  /// `boundary` as the response's Content-Type names it, also where that includes the dashes (as that of
  /// some servers does); empty: the first line that begins with dashes is one.
  explicit PartReader(std::string boundary, bool keep_pictures = false);

  /// False if this cannot be such a body; problem() says why. Nothing is read from then on.
  bool feed(std::string_view bytes, PartSink& sink);

  /// So many bytes may be discarded unread, if skip() is told how many were.
  std::size_t skippable() const noexcept;
  void skip(std::size_t bytes) noexcept;
  /// So many bytes are worth reading at once, where those that follow may be skippable.
  std::size_t worth_reading(std::size_t most) const noexcept;

  bool is_within_part() const noexcept;
  /// The last boundary came: there will be no more parts.
  bool is_ended() const noexcept { return state_ == State::ended; }
  const std::string& problem() const noexcept { return problem_; }

 private:
  enum class State { boundary, boundary_rest, head, sized_body, open_body, ended };

  std::size_t step(std::string_view bytes, PartSink& sink);
  std::size_t take_line(std::string_view bytes, PartSink& sink);
  std::size_t take_sized(std::string_view bytes, PartSink& sink);
  std::size_t take_open(std::string_view bytes, PartSink& sink);
  void on_line(PartSink& sink);
  void on_boundary_line(PartSink& sink);
  void on_head_line(PartSink& sink);
  void begin_head();
  void begin_body(PartSink& sink);
  void note(std::string_view bytes);
  void finish_part(PartSink& sink);
  bool is_boundary(std::string_view line) const;
  void fail(std::string problem);

  std::string boundary_;
  std::string mark_;       // the line that separates parts, once it was seen
  std::string delimiter_;  // the mark behind a line feed: what ends a body without a length
  bool keeps_pictures_;
  State state_ = State::boundary;
  std::string problem_;

  std::string line_;  // so far
  bool is_line_cut_ = false;
  std::size_t unproductive_bytes_ = 0;  // since there was a boundary, or the head began
  bool had_part_ = false;
  bool is_searching_ = false;  // for a boundary, after a wrong length

  PartHead head_;
  std::uint64_t remaining_ = 0;  // of a body with a length
  std::size_t matched_ = 0;      // of the delimiter
  std::uint64_t seen_ = 0;       // bytes of the picture
  std::array<char, 2> first_{};
  std::array<char, 3> last_{};  // one more than the marker: a carriage return before the delimiter
  std::string picture_;         // where it is kept
};

}  // namespace shmvideo::bench::http

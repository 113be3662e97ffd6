// SPDX-License-Identifier: Apache-2.0
#include "http/part_reader.hpp"

#include <algorithm>
#include <cstring>

namespace shmvideo::bench::http {
namespace {

/// Longer lines are cut; no boundary is so long.
constexpr std::size_t kLineMax = 1024;
constexpr std::size_t kBoundaryMax = 200;
constexpr std::size_t kHeadMax = 16 * 1024;
/// Before the first boundary there may be a text for those who do not know what follows.
constexpr std::size_t kPreambleMax = 64 * 1024;
/// After a length that was too small, the rest of the picture comes first.
constexpr std::size_t kSearchMax = std::size_t{64} << 20;
constexpr std::uint64_t kPictureMax = std::uint64_t{256} << 20;
/// What is read beyond the end of a picture: enough for the boundary and the next head.
constexpr std::size_t kHeadRoom = 1024;

}  // namespace

PartReader::PartReader(std::string boundary, bool keep_pictures)
    : boundary_(std::move(boundary)), keeps_pictures_(keep_pictures) {}

bool PartReader::feed(std::string_view bytes, PartSink& sink) {
  while (!bytes.empty() && problem_.empty()) bytes.remove_prefix(step(bytes, sink));
  return problem_.empty();
}

std::size_t PartReader::skippable() const noexcept {
  constexpr std::uint64_t kEnds = 2;
  const bool is_possible = state_ == State::sized_body && !keeps_pictures_ && seen_ >= kEnds;
  return is_possible && remaining_ > kEnds ? remaining_ - kEnds : 0;
}

void PartReader::skip(std::size_t bytes) noexcept {
  seen_ += bytes;
  remaining_ -= bytes;
}

std::size_t PartReader::worth_reading(std::size_t most) const noexcept {
  if (keeps_pictures_ || state_ == State::open_body) return most;
  return std::min<std::size_t>(most, (state_ == State::sized_body ? remaining_ : 0) + kHeadRoom);
}

bool PartReader::is_within_part() const noexcept {
  const bool is_in_head = state_ == State::head && (unproductive_bytes_ > 0 || !line_.empty());
  return is_in_head || state_ == State::sized_body || state_ == State::open_body;
}

std::size_t PartReader::step(std::string_view bytes, PartSink& sink) {
  switch (state_) {
    case State::boundary:
    case State::boundary_rest:
    case State::head:
      return take_line(bytes, sink);
    case State::sized_body:
      return take_sized(bytes, sink);
    case State::open_body:
      return take_open(bytes, sink);
    case State::ended:
      break;
  }
  return bytes.size();
}

std::size_t PartReader::take_line(std::string_view bytes, PartSink& sink) {
  const auto feed = bytes.find('\n');
  const std::string_view more = bytes.substr(0, feed);
  const std::size_t room = kLineMax - line_.size();
  line_.append(more.substr(0, room));
  is_line_cut_ |= more.size() > room;
  const std::size_t taken = more.size() + (feed == bytes.npos ? 0 : 1);
  unproductive_bytes_ += taken;
  if (feed != bytes.npos) {
    line_.resize(line_.find_last_not_of("\r \t") + 1);  // npos + 1 is 0
    on_line(sink);
    line_.clear();
    is_line_cut_ = false;
  }
  if (state_ == State::head && unproductive_bytes_ > kHeadMax) fail("the head of a part has no end");
  if (state_ == State::boundary && unproductive_bytes_ > (had_part_ ? kSearchMax : kPreambleMax)) {
    fail("there is no boundary between parts");
  }
  return taken;
}

void PartReader::on_line(PartSink& sink) {
  switch (state_) {
    case State::boundary:
      return on_boundary_line(sink);
    case State::boundary_rest:
      if (line_ == "--") state_ = State::ended;
      return line_ == "--" ? void() : begin_head();
    default:
      return on_head_line(sink);
  }
}

bool PartReader::is_boundary(std::string_view line) const {
  if (is_line_cut_ || line.size() <= 2 || line.size() > kBoundaryMax || !line.starts_with("--")) return false;
  if (!mark_.empty()) return line == mark_;
  if (boundary_.empty()) return true;
  return line.substr(2) == boundary_ || line == boundary_;
}

void PartReader::on_boundary_line(PartSink& sink) {
  if (is_boundary(line_)) {
    if (mark_.empty()) {
      mark_ = line_;
      delimiter_ = "\n" + mark_;
    }
    return begin_head();
  }
  const std::string_view line = line_;
  if (line.ends_with("--") && is_boundary(line.substr(0, line.size() - 2))) {
    state_ = State::ended;
    return;
  }
  if (line.empty() || !had_part_ || is_searching_) return;
  is_searching_ = true;
  sink.on_wrong_length();
}

void PartReader::begin_head() {
  state_ = State::head;
  head_ = {};
  unproductive_bytes_ = 0;
  is_searching_ = false;
}

void PartReader::on_head_line(PartSink& sink) {
  if (line_.empty()) return begin_body(sink);
  if (!read_head_line(line_, head_))
    fail("a part has the length '" + line_.substr(line_.find(':') + 1) + "'");
}

void PartReader::begin_body(PartSink& sink) {
  seen_ = 0;
  matched_ = 0;
  first_ = {};
  last_ = {};
  picture_.clear();
  state_ = head_.length ? State::sized_body : State::open_body;
  remaining_ = head_.length.value_or(0);
  if (head_.length && remaining_ == 0) finish_part(sink);
}

/// Bytes of the picture.
void PartReader::note(std::string_view bytes) {
  if (bytes.empty()) return;
  for (std::size_t i = 0; seen_ + i < first_.size() && i < bytes.size(); ++i) first_[seen_ + i] = bytes[i];
  const std::string_view end = bytes.substr(bytes.size() - std::min(bytes.size(), last_.size()));
  std::memmove(last_.data(), last_.data() + end.size(), last_.size() - end.size());
  end.copy(last_.data() + last_.size() - end.size(), end.size());
  seen_ += bytes.size();
  // A copy, so that it can be decoded in one piece by somebody else; only where that was asked for.
  if (keeps_pictures_) picture_.append(bytes);
}

std::size_t PartReader::take_sized(std::string_view bytes, PartSink& sink) {
  const std::string_view body = bytes.substr(0, remaining_);
  note(body);
  remaining_ -= body.size();
  if (remaining_ == 0) finish_part(sink);
  return body.size();
}

std::size_t PartReader::take_open(std::string_view bytes, PartSink& sink) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (matched_ == 0) {
      const std::size_t feed = std::min(bytes.find('\n', at), bytes.size());
      note(bytes.substr(at, feed - at));
      at = feed;
      if (at < bytes.size()) ++at, ++matched_;
    } else if (bytes[at] == delimiter_[matched_]) {
      ++at;
      if (++matched_ < delimiter_.size()) continue;
      matched_ = 0;
      finish_part(sink);
      unproductive_bytes_ = 0;
      state_ = State::boundary_rest;
      return at;
    } else {
      // Only its first byte is a line feed: what came of it cannot be the beginning of another one.
      note(std::string_view(delimiter_).substr(0, matched_));
      matched_ = 0;
    }
  }
  if (seen_ > kPictureMax) fail("a picture has no end");
  return bytes.size();
}

void PartReader::finish_part(PartSink& sink) {
  if (state_ == State::open_body && seen_ > 0 && last_[2] == '\r') {  // belongs to the boundary
    --seen_;
    last_ = {0, last_[0], last_[1]};
    if (keeps_pictures_) picture_.pop_back();
  }
  Fault fault = Fault::none;
  if (seen_ == 0) {
    fault = Fault::empty;
  } else if (first_[0] != '\xff' || first_[1] != '\xd8') {
    fault = Fault::no_start;
  } else if (seen_ < 4 || last_[1] != '\xff' || last_[2] != '\xd9') {
    fault = Fault::no_end;
  }
  state_ = State::boundary;
  unproductive_bytes_ = 0;
  had_part_ = true;
  sink.on_part({head_, seen_, fault, picture_});
}

void PartReader::fail(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
}

}  // namespace shmvideo::bench::http

// SPDX-License-Identifier: Apache-2.0
#include "http/client.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ledger/clock.hpp"

namespace shmvideo::bench::http {
namespace {

constexpr std::uint64_t kPause = kSecond;  // after something went wrong
/// What one may read before it is the next one's turn.
constexpr std::size_t kTurnBytes = std::size_t{1} << 20;
/// A system call costs about as much as copying so much.
constexpr std::size_t kWorthDiscarding = 8 * 1024;
/// Of one that will not read on at once: no more than the head of the answer needs.
constexpr std::size_t kHeadBytes = 1024;
constexpr std::uint64_t kSlowTurn = 50 * kMillisecond;
/// Room in the kernel for one that is to be slow: what waits there was sent, as the server sees it. With
/// less than this, loopback's packets of 64 KiB do not fit and every one of them waits for a timer.
constexpr int kSlowReceiveBytes = 64 * 1024;

}  // namespace

void Client::on_timer() {
  switch (state_) {
    case State::idle:
      return connect();
    case State::streaming:
      return read_slowly();
    case State::connecting:
      return fail(ErrorKind::timeout, "no connection in time");
    default:
      return fail(ErrorKind::timeout, "no answer in time");
  }
}

void Client::on_events(std::uint32_t events) {
  if (state_ == State::connecting) return on_connected();
  if (state_ == State::asking && (events & EPOLLOUT)) return ask();
  if (state_ == State::streaming && kind_ == Kind::stalled) {
    counts_.add_hang_up();  // a server may do that with somebody who does not read
    return retire();
  }
  receive(state_ == State::answered && kind_ != Kind::fast ? kHeadBytes : kTurnBytes);
}

void Client::connect() {
  const int error = socket_.connect(floor_.plan.address, kind_ == Kind::fast ? 0 : kSlowReceiveBytes);
  if (error != 0) return fail(ErrorKind::connect, std::strerror(error));
  state_ = State::connecting;
  reader_.emplace(floor_.plan.target.is_bare, floor_.look_at_picture && kind_ == Kind::fast);
  asked_bytes_ = 0;
  watch(EPOLLOUT, true);
  floor_.timers.set(index_, monotonic_ns() + static_cast<std::uint64_t>(floor_.plan.timeout.count()));
}

void Client::on_connected() {
  const int error = socket_.error();
  if (error != 0) return fail(ErrorKind::connect, std::strerror(error));
  counts_.add_connection();
  state_ = State::asking;
  ask();
}

void Client::ask() {
  while (asked_bytes_ < floor_.request.size()) {
    const long sent = socket_.send(std::string_view(floor_.request).substr(asked_bytes_));
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (sent < 0) return fail_connection(errno);
    asked_bytes_ += static_cast<std::size_t>(sent);
  }
  state_ = State::answered;
  watch(EPOLLIN);
  if (reader_->is_streaming()) begin_stream();  // a bare one is, from the beginning
}

/// The head of the answer is through.
void Client::begin_stream() {
  state_ = State::streaming;
  floor_.timers.clear(index_);
  if (kind_ == Kind::stalled) watch(EPOLLRDHUP);
  if (kind_ != Kind::slow) return;
  // Its timer tells it when to read, and that it was hung up on it learns by reading.
  ::epoll_ctl(floor_.epoll, EPOLL_CTL_DEL, socket_.fd(), nullptr);
  allowance_ = 0;
  last_read_ns_ = monotonic_ns();
  floor_.timers.set(index_, last_read_ns_ + kSlowTurn);
}

void Client::read_slowly() {
  const std::uint64_t now = monotonic_ns();
  const double per_ns = static_cast<double>(floor_.plan.slow_rate) / kSecond;
  // What it did not use it does not keep for long: a thin line has no memory.
  allowance_ = std::min(allowance_, per_ns * kSlowTurn) + per_ns * static_cast<double>(now - last_read_ns_);
  last_read_ns_ = now;
  const auto received = receive(static_cast<std::size_t>(allowance_));
  if (!received) return;
  allowance_ -= static_cast<double>(*received);
  floor_.timers.set(index_, now + kSlowTurn);
}

/// Reads what is there, but not more than `budget`. Nothing if the connection came to its end.
std::optional<std::size_t> Client::receive(std::size_t budget) {
  std::size_t total = 0;
  while (total < budget) {
    const std::size_t skippable = std::min(reader_->skippable(), budget - total);
    const bool discards = skippable >= kWorthDiscarding;
    const std::size_t most =
        discards ? skippable : std::min(budget - total, reader_->worth_reading(floor_.buffer.size()));
    const long got = discards ? socket_.discard(most) : socket_.receive(floor_.buffer.data(), most);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    if (got <= 0) return fail_connection(got == 0 ? 0 : errno), std::nullopt;
    const auto bytes = static_cast<std::size_t>(got);
    counts_.add_bytes(bytes);
    total += bytes;
    if (discards) {
      reader_->skip(bytes);
    } else if (!reader_->feed({floor_.buffer.data(), bytes}, *this)) {
      return fail_at_reader(), std::nullopt;
    }
    if (state_ == State::answered && reader_->is_streaming()) {
      begin_stream();
      if (kind_ != Kind::fast) break;
    }
    if (bytes < most) break;  // there is no more, most likely; else one is told of it
  }
  return total;
}

void Client::watch(std::uint32_t events, bool is_new) {
  epoll_event event{};
  event.events = events;
  event.data.u32 = index_;
  ::epoll_ctl(floor_.epoll, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket_.fd(), &event);
}

void Client::fail(ErrorKind kind, const std::string& what) {
  counts_.add_error(kind);
  ++floor_.errors;
  floor_.newest_errors[static_cast<std::size_t>(kind)] = what;
  retire();
}

/// The other side hung up, or the connection broke with this errno.
void Client::fail_connection(int error) {
  const char* when = reader_->is_within_part() ? "in the middle of a picture"
                     : reader_->is_streaming() ? "between pictures"
                                               : "before there was an answer";
  fail(ErrorKind::closed,
       fmt::format("{} {}", error == 0 ? "the server hung up" : std::strerror(error), when));
}

void Client::fail_at_reader() {
  using Problem = ResponseReader::Problem;
  const Problem problem = reader_->problem();
  fail(problem == Problem::status  ? ErrorKind::status
       : problem == Problem::ended ? ErrorKind::closed
                                   : ErrorKind::malformed,
       reader_->problem_text());
}

/// Until it connects again.
void Client::retire() {
  socket_.close();  // which takes it out of epoll
  state_ = State::idle;
  floor_.timers.set(index_, monotonic_ns() + kPause);
}

void Client::on_part(const Part& part) {
  if (part.fault == Fault::empty && floor_.plan.target.is_zero_data) {
    counts_.add_part({part.head, 0, Fault::none, {}}, instant_now(), floor_.group(kind_));
    return;
  }
  counts_.add_part(part, instant_now(), floor_.group(kind_));
  if (!part.picture.empty() && part.fault == Fault::none) floor_.look_at_picture(part.picture);
}

void Client::on_wrong_length() { counts_.add_wrong_length(); }

}  // namespace shmvideo::bench::http

// SPDX-License-Identifier: Apache-2.0
#include "sink/http/socket.hpp"

#include <algorithm>
#include <cstring>

namespace shmvideo::sink {
namespace {

namespace asio = boost::asio;
using Outcome = TlsSession::Outcome;
using Record = std::array<std::byte, TlsSession::kRecordBytes>;

/// The next record's bytes, `skipped` bytes from the beginning: where they lie, if they lie together, else in
/// `record`. A head that went out alone would cost a record and a packet of its own.
std::span<const std::byte> next_record(std::span<const asio::const_buffer> buffers, std::size_t skipped,
                                       Record& record) {
  std::size_t filled = 0;
  for (const asio::const_buffer& buffer : buffers) {
    if (skipped >= buffer.size()) {
      skipped -= buffer.size();
      continue;
    }
    const auto* const bytes = static_cast<const std::byte*>(buffer.data()) + std::exchange(skipped, 0);
    const std::size_t left =
        buffer.size() - static_cast<std::size_t>(bytes - static_cast<const std::byte*>(buffer.data()));
    if (filled == 0 && left >= record.size()) return {bytes, record.size()};
    const std::size_t taken = std::min(left, record.size() - filled);
    std::memcpy(record.data() + filled, bytes, taken);
    filled += taken;
    if (filled == record.size()) break;
  }
  return {record.data(), filled};
}

}  // namespace

Socket::Socket(Plain plain, Seat seat) : plain_(std::move(plain)), seat_(std::move(seat)) {
  error_code ignored;  // one that is broken is found to be so when it is used
  plain_.non_blocking(true, ignored);
}

void Socket::start_tls(const TlsContext& context) {
  tls_ = std::make_unique<TlsSession>(context, plain_.native_handle());
}

void Socket::shake_hands(std::function<void(Outcome)> done) {
  if (!tls_) return done(Outcome::ended);  // closed while it was waited for
  const Outcome outcome = tls_->shake_hands();
  if (outcome == Outcome::plain_http) tls_.reset();
  if (outcome != Outcome::wants_read && outcome != Outcome::wants_write) return done(outcome);
  async_wait(outcome == Outcome::wants_read ? Wait::read : Wait::write,
             [this, done = std::move(done)](const error_code& error) mutable {
               error ? done(Outcome::ended) : shake_hands(std::move(done));
             });
}

std::size_t Socket::receive(asio::mutable_buffer room, error_code& error, Wait& wait) {
  std::size_t bytes = 0;
  // It may have been closed, or have stopped to speak TLS, while this was waited for.
  const Outcome outcome =
      tls_ ? tls_->read({static_cast<std::byte*>(room.data()), room.size()}, bytes) : Outcome::ended;
  error = {};
  if (outcome == Outcome::done) return bytes;
  if (outcome == Outcome::ended) error = asio::error::eof;
  if (outcome == Outcome::failed || outcome == Outcome::plain_http) error = asio::error::connection_reset;
  if (outcome == Outcome::wants_read || outcome == Outcome::wants_write) error = asio::error::would_block;
  wait = outcome == Outcome::wants_write ? Wait::write : Wait::read;
  return 0;
}

std::size_t Socket::write_records(std::span<const asio::const_buffer> buffers, error_code& error) {
  Record record;
  std::size_t total = 0;
  error = {};
  for (;;) {
    const auto bytes = next_record(buffers, total, record);
    if (bytes.empty()) return total;
    std::size_t taken = 0;
    const Outcome outcome = tls_ ? tls_->write(bytes, taken) : Outcome::ended;
    if (outcome == Outcome::done) {
      total += taken;
      continue;
    }
    // Renegotiation is refused: sending never has to wait for something to read.
    const bool is_for_later = outcome == Outcome::wants_write || outcome == Outcome::wants_read;
    if (!is_for_later) error = asio::error::connection_reset;
    if (is_for_later && total == 0) error = asio::error::would_block;
    return total;
  }
}

void Socket::cancel() noexcept {
  error_code ignored;
  plain_.cancel(ignored);
}

void Socket::shutdown_send() noexcept {
  if (tls_) tls_->say_goodbye();
  tls_.reset();
  error_code ignored;
  plain_.shutdown(Plain::shutdown_send, ignored);
}

void Socket::close() noexcept {
  if (tls_) tls_->say_goodbye();
  tls_.reset();  // it knows the descriptor by its number, which may soon be somebody else's
  error_code ignored;
  plain_.shutdown(Plain::shutdown_both, ignored);
  plain_.close(ignored);
  seat_ = {};
}

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "sink/http/seat.hpp"
#include "sink/http/tls/tls_session.hpp"

namespace shmvideo::sink {

/// A connection, whatever it is made of: TCP or a unix socket, with TLS or without. An AsyncReadStream and
/// AsyncWriteStream of Asio; beside it, write_some() never waits and allocates nothing. What was written and
/// not yet acknowledged the kernel tells by its descriptor, with TLS too. Move-only, not while an operation
/// is under way. The loop's thread only.
class Socket {
 public:
  using Plain = boost::asio::generic::stream_protocol::socket;
  using executor_type = Plain::executor_type;
  using error_code = boost::system::error_code;
  enum class Wait { read, write };

  /// `plain` is connected. `seat` is kept until it is closed.
  explicit Socket(Plain plain, Seat seat = {});
  Socket(Socket&& other) = default;
  Socket& operator=(Socket&& other) = delete;

  executor_type get_executor() { return plain_.get_executor(); }
  int native_handle() { return plain_.native_handle(); }
  Seat& seat() noexcept { return seat_; }

  /// From now on it speaks TLS, as the server. Throws Error.
  void start_tls(const TlsContext& context);
  bool has_tls() const noexcept { return tls_ != nullptr; }
  /// Calls `done`, with done, ended, failed or plain_http; at once, or when it has come so far. With
  /// plain_http it speaks no TLS any more. After cancel() it is ended.
  void shake_hands(std::function<void(TlsSession::Outcome)> done);
  /// Why shake_hands() failed.
  const char* tls_problem() const noexcept { return tls_ ? tls_->problem() : ""; }

  template <typename MutableBuffers, typename Handler>
  auto async_read_some(const MutableBuffers& buffers, Handler&& handler);
  template <typename ConstBuffers, typename Handler>
  auto async_write_some(const ConstBuffers& buffers, Handler&& handler);
  template <typename Handler>
  auto async_wait(Wait wait, Handler&& handler) {
    return plain_.async_wait(wait == Wait::read ? Plain::wait_read : Plain::wait_write,
                             std::forward<Handler>(handler));
  }
  /// As much as the kernel takes at once: by one system call; with TLS by one for each record. would_block
  /// when that is nothing; the next call has to begin with the same bytes then, and to have no fewer.
  template <typename ConstBuffers>
  std::size_t write_some(const ConstBuffers& buffers, error_code& error);

  void cancel() noexcept;
  /// Nothing more will be sent. What comes in from now on is not understood any more, but can be read.
  void shutdown_send() noexcept;
  /// Says goodbye, if that is possible at once, and gives everything back.
  void close() noexcept;

 private:
  struct Gathered {
    std::array<boost::asio::const_buffer, 8> buffers;
    std::size_t count = 0;
    std::span<const boost::asio::const_buffer> all() const noexcept { return {buffers.data(), count}; }
  };
  template <typename Direction>
  struct Transfer;
  struct Receive;
  struct Send;
  std::size_t receive(boost::asio::mutable_buffer room, error_code& error, Wait& wait);
  std::size_t write_records(std::span<const boost::asio::const_buffer> buffers, error_code& error);
  template <typename ConstBuffers>
  static Gathered gather(const ConstBuffers& buffers);

  Plain plain_;
  Seat seat_;
  std::unique_ptr<TlsSession> tls_;
};

/// What Transfer does with a TLS session: one try, and what to wait for if that is nothing yet.
struct Socket::Receive {
  boost::asio::mutable_buffer room;
  std::size_t operator()(Socket& socket, error_code& error, Wait& wait) {
    return socket.receive(room, error, wait);
  }
};

struct Socket::Send {
  Gathered gathered;
  std::size_t operator()(Socket& socket, error_code& error, Wait& wait) {
    wait = Wait::write;
    return socket.write_records(gathered.all(), error);
  }
};

/// Tries, waits, and tries again; completes through the loop, never within the call that begins it.
template <typename Direction>
struct Socket::Transfer {
  Socket& socket;
  Direction direction;
  bool has_waited = false;
  bool is_done = false;
  error_code result{};
  std::size_t bytes = 0;

  template <typename Self>
  void operator()(Self& self, error_code error = {}) {
    if (is_done) return self.complete(result, bytes);
    if (error) return self.complete(error, 0);
    auto wait = Wait::read;
    bytes = direction(socket, result, wait);
    if (result == boost::asio::error::would_block) {
      has_waited = true;
      result = {};
      return socket.async_wait(wait, std::move(self));
    }
    if (has_waited) return self.complete(result, bytes);
    is_done = true;
    boost::asio::post(socket.get_executor(), std::move(self));
  }
};

template <typename MutableBuffers, typename Handler>
auto Socket::async_read_some(const MutableBuffers& buffers, Handler&& handler) {
  return boost::asio::async_initiate<Handler, void(error_code, std::size_t)>(
      [this](auto&& completion, const MutableBuffers& given) {
        if (!tls_) return plain_.async_read_some(given, std::forward<decltype(completion)>(completion));
        const auto room = *boost::asio::buffer_sequence_begin(given);
        boost::asio::async_compose<std::decay_t<decltype(completion)>, void(error_code, std::size_t)>(
            Transfer<Receive>{*this, {room}}, completion, plain_);
      },
      handler, buffers);
}

template <typename ConstBuffers, typename Handler>
auto Socket::async_write_some(const ConstBuffers& buffers, Handler&& handler) {
  return boost::asio::async_initiate<Handler, void(error_code, std::size_t)>(
      [this](auto&& completion, const ConstBuffers& given) {
        if (!tls_) return plain_.async_write_some(given, std::forward<decltype(completion)>(completion));
        boost::asio::async_compose<std::decay_t<decltype(completion)>, void(error_code, std::size_t)>(
            Transfer<Send>{*this, {gather(given)}}, completion, plain_);
      },
      handler, buffers);
}

template <typename ConstBuffers>
std::size_t Socket::write_some(const ConstBuffers& buffers, error_code& error) {
  if (!tls_) return plain_.write_some(buffers, error);
  return write_records(gather(buffers).all(), error);
}

/// The first few of them that are not empty.
template <typename ConstBuffers>
Socket::Gathered Socket::gather(const ConstBuffers& buffers) {
  Gathered gathered;
  auto each = boost::asio::buffer_sequence_begin(buffers);
  const auto end = boost::asio::buffer_sequence_end(buffers);
  for (; each != end && gathered.count < gathered.buffers.size(); ++each) {
    const boost::asio::const_buffer buffer(*each);
    if (buffer.size() > 0) gathered.buffers[gathered.count++] = buffer;
  }
  return gathered;
}

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#include "sink/http/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <chrono>
#include <variant>

#include "sink/http/conditional.hpp"

namespace shmvideo::sink {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using namespace std::chrono_literals;

constexpr std::uint32_t kHeaderBytesMax = 16 * 1024;
constexpr auto kRequestTimeout = 10s;  // from the connection, or the answer before, to the end of the header
constexpr auto kSendTimeout = 30s;     // and for large bodies as much more as this rate of bytes takes
constexpr std::size_t kLeastBytesPerSecond = 64 * 1024;
constexpr auto kDrainTimeout = 1s;
constexpr std::size_t kDrainBytesMax = 256 * 1024;

std::string name_of(const asio::ip::tcp::socket& socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (error) return "somebody who left";
  const std::string address = peer.address().to_string();
  return (peer.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(peer.port());
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, const Router& router, Traffic& traffic, All& all)
    : socket_(std::move(socket)),
      deadline_(socket_.get_executor()),
      router_(router),
      traffic_(traffic),
      all_(all),
      peer_(name_of(socket_)),
      buffer_(kHeaderBytesMax + 1024) {
  all_.insert(this);
  ++traffic_.connections;
  ++traffic_.requesting;
}

Connection::~Connection() {
  all_.erase(this);
  --traffic_.requesting;
}

void Connection::close() noexcept {
  end_deadline();
  error_code ignored;
  socket_.close(ignored);
}

/// From now on, the operation under way ends with an error when its time is over.
void Connection::set_deadline(std::chrono::nanoseconds from_now) {
  is_late_ = false;
  deadline_.expires_after(from_now);
  deadline_.async_wait([self = shared_from_this(), number = ++deadline_number_](const error_code& error) {
    if (error || number != self->deadline_number_) return;
    self->is_late_ = true;
    error_code ignored;
    self->socket_.cancel(ignored);
  });
}

void Connection::end_deadline() {
  ++deadline_number_;
  deadline_.cancel();
}

void Connection::read_request() {
  request_ = {};
  parser_.emplace();
  parser_->header_limit(kHeaderBytesMax);
  set_deadline(kRequestTimeout);
  http::async_read_header(socket_, buffer_, *parser_,
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                            self->end_deadline();
                            error ? self->handle_broken_request(error) : self->handle_request();
                          });
}

void Connection::handle_request() {
  const auto& message = parser_->get();
  request_.is_head = message.method() == http::verb::head;
  request_.http_1_0 = message.version() == 10;
  request_.peer = peer_;
  request_.method.assign(message.method_string());
  request_.agent = message[http::field::user_agent];
  request_.authorization = message[http::field::authorization];
  request_.origin = message[http::field::origin];
  request_.wanted_method = message[http::field::access_control_request_method];
  request_.if_modified_since = message[http::field::if_modified_since];
  // A list may come in several lines.
  const auto [first_line, end_of_lines] = message.equal_range(http::field::if_none_match);
  for (auto line = first_line; line != end_of_lines; ++line) {
    const auto value = line->value();
    request_.if_none_match.append(request_.if_none_match.empty() ? "" : ",")
        .append(value.data(), value.size());
  }
  // Bodies are not read: nothing here takes one. What follows it could not be told apart from it.
  const bool has_body = parser_->chunked() || parser_->content_length().value_or(0) > 0;
  keep_alive_ = message.keep_alive() && !has_body;
  auto target = parse_target({message.target().data(), message.target().size()});
  if (!target) {
    keep_alive_ = false;
    return send(error_reply(400, "this is no request target that could be understood"));
  }
  request_.target = std::move(*target);

  answer();
}

void Connection::answer() {
  Outcome outcome = router_.handle(request_);
  if (auto* reply = std::get_if<Reply>(&outcome)) return send(std::move(*reply));
  if (auto* later = std::get_if<Later>(&outcome)) {
    return (*later)([self = shared_from_this()](Reply reply) { self->send(std::move(reply)); });
  }
  if (auto* not_yet = std::get_if<NotYet>(&outcome))
    return (*not_yet)([self = shared_from_this()] { self->answer(); });
  traffic_.count(request_.route, 200);
  std::get<Takeover>(outcome)(std::move(socket_));
}

void Connection::handle_broken_request(const error_code& error) {
  keep_alive_ = false;
  if (is_late_ && buffer_.size() > 0) return send(error_reply(408, "the request did not come to its end"));
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return send(error_reply(
        431, "the request's header is longer than " + std::to_string(kHeaderBytesMax / 1024) + " KiB"));
  }
  // Beast's own errors are about what was said; all others mean that nobody is there to be answered.
  const bool is_gone = error == http::error::end_of_stream || error == http::error::partial_message;
  if (error.category() == make_error_code(http::error::bad_version).category() && !is_gone) {
    send(error_reply(400, "this is not HTTP/1: " + error.message()));
  }
}

void Connection::send(Reply reply) {
  reply_ = std::move(reply);
  const bool is_known =
      reply_.status == 200 && !reply_.etag.empty() && has_matching_etag(request_.if_none_match, reply_.etag);
  if (is_known) reply_ = not_modified_reply(reply_);
  reply_.headers += request_.answer_headers;
  traffic_.count(request_.route, reply_.status);
  if (reply_.is_endless) keep_alive_ = false;  // as it is for the body itself
  head_ = render_head(reply_, keep_alive_, request_.http_1_0);
  if (!request_.is_head) head_ += reply_.body;
  const auto shared = request_.is_head ? std::span<const std::byte>{} : reply_.shared;
  set_deadline(kSendTimeout + std::chrono::seconds(shared.size() / kLeastBytesPerSecond));
  asio::async_write(socket_,
                    std::array{asio::const_buffer(head_.data(), head_.size()),
                               asio::const_buffer(shared.data(), shared.size())},
                    [self = shared_from_this()](const error_code& error, std::size_t) {
                      self->end_deadline();
                      if (!error) self->sent();
                    });
}

void Connection::sent() {
  reply_ = {};
  if (keep_alive_) return read_request();
  hang_up_gently();
}

/// Closing with something unread would reset the connection, and the answer might be lost with it.
void Connection::hang_up_gently() {
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  set_deadline(kDrainTimeout);
  buffer_.clear();
  drain_before_close(kDrainBytesMax);
}

void Connection::drain_before_close(std::size_t bytes_left) {
  socket_.async_read_some(buffer_.prepare(4096), [self = shared_from_this(), bytes_left](
                                                     const error_code& error, std::size_t bytes) {
    if (!error && bytes < bytes_left) return self->drain_before_close(bytes_left - bytes);
    self->close();
  });
}

}  // namespace shmvideo::sink

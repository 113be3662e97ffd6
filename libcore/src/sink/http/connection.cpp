// SPDX-License-Identifier: Apache-2.0
#include "sink/http/connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <utility>
#include <variant>

#include "sink/http/conditional.hpp"

namespace shmvideo::sink {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using namespace std::chrono_literals;

constexpr auto kSendTimeout = 30s;  // and for large bodies as much more as this rate of bytes takes
constexpr std::size_t kLeastBytesPerSecond = 64 * 1024;
constexpr auto kDrainTimeout = 1s;
constexpr std::size_t kDrainBytesMax = 256 * 1024;
constexpr std::size_t kReadBytes = 4096;
/// Those who are turned away hold what others wait for.
constexpr std::chrono::nanoseconds kTurnAwayTimeout = 2s;

/// Which limit it was is for the log of whoever set it.
Reply too_many_reply() { return try_again_reply("there are too many clients here; try again later"); }

}  // namespace

Connection::Connection(Socket socket, Peer peer, Reception& reception, Welcome welcome)
    : socket_(std::move(socket)),
      deadline_(socket_.get_executor()),
      reception_(reception),
      welcome_(welcome),
      peer_(std::move(peer)) {
  reception_.connections.insert(this);
  ++reception_.traffic.connections;
  ++reception_.traffic.requesting;
  if (welcome_ == Welcome::turned_away) ++reception_.traffic.turning_away;
}

Connection::~Connection() {
  reception_.connections.erase(this);
  --reception_.traffic.requesting;
  if (welcome_ == Welcome::turned_away) --reception_.traffic.turning_away;
}

void Connection::close() noexcept {
  end_deadline();
  socket_.close();
}

/// From now on, the operation under way ends with an error when its time is over.
void Connection::set_deadline(Waiting waiting, std::chrono::nanoseconds from_now) {
  is_late_ = false;
  waiting_ = waiting;
  deadline_.expires_after(from_now);
  deadline_.async_wait([self = shared_from_this(), number = ++deadline_number_](const error_code& error) {
    if (error || number != self->deadline_number_) return;
    self->is_late_ = true;
    // What was being read may still be answered. An operation that has just succeeded cannot be cancelled any
    // more: its handler looks at is_late_, and those that go on by themselves find the socket closed.
    const bool is_reading = self->waiting_ == Waiting::header || self->waiting_ == Waiting::next_request;
    is_reading ? self->socket_.cancel() : self->socket_.close();
  });
}

void Connection::end_deadline() {
  ++deadline_number_;
  waiting_ = Waiting::nothing;
  deadline_.cancel();
}

std::chrono::nanoseconds Connection::header_timeout() const noexcept {
  const auto usual = reception_.limits.header_timeout;
  return welcome_ == Welcome::turned_away ? std::min(usual, kTurnAwayTimeout) : usual;
}

void Connection::start() {
  if (!socket_.has_tls()) return read_request();
  set_deadline(Waiting::greeting, header_timeout());
  socket_.shake_hands([self = shared_from_this()](TlsSession::Outcome outcome) { self->greeted(outcome); });
}

void Connection::greeted(TlsSession::Outcome outcome) {
  end_deadline();
  if (outcome == TlsSession::Outcome::done) return read_request();
  ++reception_.traffic.failed_greetings;
  if (outcome == TlsSession::Outcome::plain_http) {
    reception_.log(EventLevel::warn, "somebody spoke http where https is spoken, and was told so");
    return refuse(400, "this port speaks https, not http");
  }
  // A sentence without the peer's name: the log folds those that come again.
  const std::string why = is_late_                                 ? "nothing came in time"
                          : outcome == TlsSession::Outcome::failed ? socket_.tls_problem()
                                                                   : "they hung up";
  reception_.log(EventLevel::info, "TLS with a client did not come about: " + why);
  close();
}

void Connection::read_request() {
  request_ = {};
  request_.peer = peer_.name;
  scan_ = {};
  if (buffer_.size() > 0 || !has_served_) {
    set_deadline(Waiting::header, header_timeout());
  } else {
    set_deadline(Waiting::next_request, reception_.limits.idle_timeout);
  }
  go_on_reading();
}

/// With what has come so far.
void Connection::go_on_reading() {
  const auto text = [this] {
    return std::string_view(static_cast<const char*>(buffer_.data().data()), buffer_.size());
  };
  // Some send an empty line after a body (RFC 9112, 2.2).
  while (text().starts_with("\r\n")) buffer_.consume(2);
  const std::size_t limit = reception_.limits.header_bytes;
  if (!scan_.go_on(text())) return buffer_.size() > limit ? refuse_long_header() : read_more();
  if (!scan_.problem().empty()) return refuse(400, "this is no request: " + std::string(scan_.problem()));
  if (scan_.size() > limit) return refuse_long_header();
  end_deadline();
  handle_request(text().substr(0, scan_.size()));
}

void Connection::refuse_long_header() {
  refuse(431,
         "the request's header is longer than " + std::to_string(reception_.limits.header_bytes) + " bytes");
}

void Connection::read_more() {
  socket_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                            self->buffer_.commit(bytes);
                            if (error || self->is_late_) return self->stopped_reading();
                            // The first of a further request: from now on it has to come to its end.
                            if (self->waiting_ == Waiting::next_request)
                              self->set_deadline(Waiting::header, self->header_timeout());
                            self->go_on_reading();
                          });
}

void Connection::stopped_reading() {
  const Waiting waited = std::exchange(waiting_, Waiting::nothing);
  end_deadline();
  if (!is_late_) return close();  // nobody is there to be answered
  if (waited == Waiting::next_request) {
    ++reception_.traffic.idle_ends;
    return close();
  }
  ++reception_.traffic.late_headers;
  if (buffer_.size() == 0) return close();
  refuse(408, "the request did not come to its end");
}

void Connection::handle_request(std::string_view head) {
  RequestHead read = read_head(head, peer_, reception_.proxies);
  buffer_.consume(head.size());
  has_served_ = true;
  request_ = std::move(read.request);
  keep_alive_ = read.keep_alive;
  if (welcome_ == Welcome::turned_away) {
    keep_alive_ = false;
    return send(too_many_reply());
  }
  if (!read.problem.empty()) return send(error_reply(400, read.problem));
  if (reception_.proxies.trusts(peer_) && !has_room_for(read.brought_for)) {
    ++reception_.traffic.over_clients_per_address;
    return send(too_many_reply());
  }
  answer();
}

/// Of a proxy's clients each counts by itself, for as long as it is the last that this connection served.
bool Connection::has_room_for(const asio::ip::address& client) {
  const std::string address = counted_as(client);
  if (address == socket_.seat().address()) return true;
  if (Seat::count(reception_.traffic, address) >= reception_.limits.clients_per_address) return false;
  socket_.seat().sit_for(address);
  return true;
}

void Connection::answer() {
  Outcome outcome = reception_.router.handle(request_);
  if (auto* reply = std::get_if<Reply>(&outcome)) return send(std::move(*reply));
  if (auto* later = std::get_if<Later>(&outcome)) {
    return (*later)([self = shared_from_this()](Reply reply) { self->send(std::move(reply)); });
  }
  if (auto* not_yet = std::get_if<NotYet>(&outcome))
    return (*not_yet)([self = shared_from_this()] { self->answer(); });
  if (reception_.traffic.streams >= reception_.limits.streams) {
    ++reception_.traffic.over_streams;
    return send(too_many_reply());
  }
  reception_.traffic.count(request_.route, 200);
  socket_.seat().belong_to_stream();
  std::get<Takeover>(outcome)(std::move(socket_));
}

/// Before there is a request that could be answered.
void Connection::refuse(unsigned status, const std::string& why) {
  end_deadline();
  keep_alive_ = false;
  send(error_reply(status, why));
}

void Connection::send(Reply reply) {
  reply_ = std::move(reply);
  const bool is_known =
      reply_.status == 200 && !reply_.etag.empty() && has_matching_etag(request_.if_none_match, reply_.etag);
  if (is_known) reply_ = not_modified_reply(reply_);
  reply_.headers += request_.answer_headers;
  reception_.traffic.count(request_.route, reply_.status);
  if (reply_.is_endless) keep_alive_ = false;  // as it is for the body itself
  head_ = render_head(reply_, keep_alive_, request_.http_1_0);
  if (!request_.is_head) head_ += reply_.body;
  const auto shared = request_.is_head ? std::span<const std::byte>{} : reply_.shared;
  set_deadline(Waiting::sending, kSendTimeout + std::chrono::seconds(shared.size() / kLeastBytesPerSecond));
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
  socket_.shutdown_send();
  set_deadline(Waiting::nothing, kDrainTimeout);
  buffer_.clear();
  drain_before_close(kDrainBytesMax);
}

void Connection::drain_before_close(std::size_t bytes_left) {
  socket_.async_read_some(buffer_.prepare(kReadBytes), [self = shared_from_this(), bytes_left](
                                                           const error_code& error, std::size_t bytes) {
    if (!error && bytes < bytes_left) return self->drain_before_close(bytes_left - bytes);
    self->close();
  });
}

}  // namespace shmvideo::sink

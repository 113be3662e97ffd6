// SPDX-License-Identifier: Apache-2.0
#include "sink/http/tls/tls_session.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>

#include "shmvideo/error.hpp"

namespace shmvideo::sink {
namespace {

int descriptor_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

bool is_for_later() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int send_some(BIO* bio, const char* bytes, int count) {
  BIO_clear_retry_flags(bio);
  const auto sent = ::send(descriptor_of(bio), bytes, static_cast<std::size_t>(count), MSG_NOSIGNAL);
  if (sent < 0 && is_for_later()) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int receive_some(BIO* bio, char* room, int count) {
  BIO_clear_retry_flags(bio);
  const auto received = ::recv(descriptor_of(bio), room, static_cast<std::size_t>(count), 0);
  if (received < 0 && is_for_later()) BIO_set_retry_read(bio);
  if (received == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(received);
}

long control(BIO* bio, int what, long, void*) {
  if (what == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return what == BIO_CTRL_FLUSH || what == BIO_CTRL_DUP ? 1 : 0;
}

int create(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

/// OpenSSL's own for sockets raises SIGPIPE, which is not for a library to cause or to ignore.
BIO_METHOD* make_method() {
  BIO_METHOD* const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "quiet socket");
  if (!method) return nullptr;
  BIO_meth_set_write(method, &send_some);
  BIO_meth_set_read(method, &receive_some);
  BIO_meth_set_ctrl(method, &control);
  BIO_meth_set_create(method, &create);
  return method;
}

BIO* bio_on(int descriptor) {
  static BIO_METHOD* const method = make_method();  // for as long as the process lives
  BIO* const bio = method ? BIO_new(method) : nullptr;
  if (bio) BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
  return bio;
}

}  // namespace

void TlsSession::Free::operator()(ssl_st* session) const noexcept { SSL_free(session); }

TlsSession::TlsSession(const TlsContext& context, int descriptor) : session_(SSL_new(context.get())) {
  BIO* const bio = session_ ? bio_on(descriptor) : nullptr;
  if (!bio) throw Error(ErrorCode::system, "no memory for a TLS session", ENOMEM);
  SSL_set_bio(session_.get(), bio, bio);
  SSL_set_accept_state(session_.get());
}

TlsSession::Outcome TlsSession::outcome_of(int result) noexcept {
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_NONE:
      return Outcome::done;
    case SSL_ERROR_WANT_READ:
      return Outcome::wants_read;
    case SSL_ERROR_WANT_WRITE:
      return Outcome::wants_write;
    case SSL_ERROR_ZERO_RETURN:
      return Outcome::ended;
    default:
      break;
  }
  const unsigned long error = ERR_peek_error();
  ERR_clear_error();
  if (error == 0) return Outcome::ended;  // the connection's own end
  const int reason = ERR_GET_REASON(error);
  const char* const words = ERR_reason_error_string(error);
  problem_ = words ? words : "it was not understood";
  return reason == SSL_R_HTTP_REQUEST || reason == SSL_R_HTTPS_PROXY_REQUEST ? Outcome::plain_http
                                                                             : Outcome::failed;
}

TlsSession::Outcome TlsSession::shake_hands() noexcept {
  ERR_clear_error();
  return outcome_of(SSL_do_handshake(session_.get()));
}

TlsSession::Outcome TlsSession::read(std::span<std::byte> room, std::size_t& bytes) noexcept {
  ERR_clear_error();
  return outcome_of(SSL_read_ex(session_.get(), room.data(), room.size(), &bytes));
}

TlsSession::Outcome TlsSession::write(std::span<const std::byte> given, std::size_t& bytes) noexcept {
  ERR_clear_error();
  return outcome_of(SSL_write_ex(session_.get(), given.data(), given.size(), &bytes));
}

void TlsSession::say_goodbye() noexcept {
  ERR_clear_error();
  const bool has_failed = *problem_ != '\0';  // OpenSSL wants nothing to be said then
  if (!has_failed && SSL_is_init_finished(session_.get())) SSL_shutdown(session_.get());
  ERR_clear_error();
}

bool TlsSession::has_unread() const noexcept { return SSL_has_pending(session_.get()) == 1; }

}  // namespace shmvideo::sink

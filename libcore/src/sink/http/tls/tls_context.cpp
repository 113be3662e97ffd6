// SPDX-License-Identifier: Apache-2.0
#include "sink/http/tls/tls_context.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "segment/unique_fd.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo::sink {
namespace {

constexpr const char* kCiphers =  // of TLS 1.2; those of 1.3 are all good
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kGroups = "X25519:P-256:P-384";
constexpr int kSoonDays = 14;

/// What OpenSSL has to say of the last thing that went wrong; forgets it.
std::string why() {
  const unsigned long error = ERR_peek_error();
  ERR_clear_error();
  const char* const reason = ERR_reason_error_string(error);
  return reason ? reason : "it is not understood";
}

/// OpenSSL says of a file that cannot be opened little that helps.
struct ::stat look_at(const std::string& what, const std::string& file) {
  const UniqueFd opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct ::stat facts {};
  if (!opened || ::fstat(opened.get(), &facts) != 0)
    throw Error(ErrorCode::system, "cannot read the " + what + " " + file + ": " + std::strerror(errno),
                errno);
  if (!S_ISREG(facts.st_mode))
    throw Error(ErrorCode::invalid_argument, "the " + what + " " + file + " is no file");
  return facts;
}

/// Else OpenSSL would ask a terminal for it.
int no_passphrase(char*, int, int, void*) { return 0; }

/// We speak HTTP/1.1; whoever offers protocols without it would be disappointed later.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                    unsigned offered_bytes, void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, length, kOurs, sizeof kOurs - 1, offered, offered_bytes) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

/// `file` is what the two are in; both are borrowed.
void check_pair(SSL_CTX* context, const TlsFiles& files) {
  if (SSL_CTX_check_private_key(context) == 1) return;
  ERR_clear_error();
  throw Error(ErrorCode::invalid_argument, "the key " + files.key + " is not that of the certificate " +
                                               files.certificate + ": give the two that belong together");
}

}  // namespace

TlsContext::TlsContext(const TlsFiles& files) : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free) {
  SSL_CTX* const context = context_.get();
  if (!context || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context, kCiphers) != 1 || SSL_CTX_set1_groups_list(context, kGroups) != 1) {
    throw Error(ErrorCode::system, "OpenSSL cannot be set up: " + why());
  }
  // A connection that ends without a goodbye is a hang-up like any other: lengths stand in the answers.
  SSL_CTX_set_options(context,
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // clients keep what they need, as tickets
  SSL_CTX_set_alpn_select_cb(context, &choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context, &no_passphrase);
  load(files);
  look_at_expiry(files.certificate);
}

void TlsContext::load(const TlsFiles& files) {
  look_at("certificate", files.certificate);
  const struct ::stat key = look_at("key", files.key);
  if ((key.st_mode & S_IROTH) != 0)
    warnings_.push_back("the key " + files.key + " can be read by everybody here: chmod o= it");
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context_.get(), files.certificate.c_str()) != 1) {
    throw Error(ErrorCode::invalid_argument,
                "the certificate " + files.certificate + " is no certificate in PEM: " + why());
  }
  if (SSL_CTX_use_PrivateKey_file(context_.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const bool is_other = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
    if (!is_other) {
      throw Error(ErrorCode::invalid_argument,
                  "the key " + files.key + " is no key in PEM without a passphrase: " + why());
    }
  }
  check_pair(context_.get(), files);
}

void TlsContext::look_at_expiry(const std::string& file) {
  const ASN1_TIME* const end = X509_get0_notAfter(SSL_CTX_get0_certificate(context_.get()));
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), &BIO_free);
  char line[64] = "an unknown time";
  if (text && ASN1_TIME_print(text.get(), end) == 1) BIO_gets(text.get(), line, sizeof line);
  valid_until_ = line;
  int days = 0;
  int seconds = 0;
  if (ASN1_TIME_diff(&days, &seconds, nullptr, end) != 1) return;
  if (days < 0 || seconds < 0) {
    warnings_.push_back("the certificate " + file + " has expired: it was valid until " + valid_until_);
  } else if (days < kSoonDays) {
    warnings_.push_back("the certificate " + file + " expires soon: it is valid until " + valid_until_);
  }
}

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

struct ssl_ctx_st;

namespace shmvideo::sink {

/// Where a server's certificate and its key are, both PEM. They may be one file.
struct TlsFiles {
  std::string certificate;  ///< its chain behind it
  std::string key;
};

/// How a server speaks TLS: its certificate, versions and ciphers (Mozilla's "intermediate", 5.7, of
/// https://ssl-config.mozilla.org/guidelines/5.7.json, without the DHE suites, which nobody needs who has
/// ECDHE). Sessions that began with it keep it. Immutable; any thread.
class TlsContext {
 public:
  /// Reads the files. Throws Error, which names the file: system, when it cannot be read; invalid_argument,
  /// when it is not what it has to be, or when the two do not belong together.
  explicit TlsContext(const TlsFiles& files);

  ssl_ctx_st* get() const noexcept { return context_.get(); }
  /// What whoever runs the server should know: a certificate that is about to expire, a key that others can
  /// read. A sentence each.
  const std::vector<std::string>& warnings() const noexcept { return warnings_; }
  /// "Nov 22 03:00:00 2026 GMT"
  const std::string& valid_until() const noexcept { return valid_until_; }

 private:
  void load(const TlsFiles& files);
  void look_at_expiry(const std::string& file);

  std::shared_ptr<ssl_ctx_st> context_;
  std::vector<std::string> warnings_;
  std::string valid_until_;
};

}  // namespace shmvideo::sink

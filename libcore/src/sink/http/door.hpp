// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sink/events.hpp"
#include "sink/http/connection.hpp"
#include "sink/http/door_options.hpp"
#include "sink/http/listen/listening.hpp"
#include "sink/http/listener.hpp"
#include "sink/http/reception.hpp"
#include "sink/http/tls/tls_context.hpp"

namespace shmvideo::sink {

/// Takes connections wherever a server listens, as many as there may be, and starts a Connection for each.
/// The loop's thread only.
class Door {
 public:
  /// Listens from here on. Throws Error: see Listening, UnixPlace, TlsContext and TrustedProxies.
  /// `router` and `traffic` must outlive it and what runs on the loop.
  Door(boost::asio::io_context& loop, DoorOptions options, const Router& router, Traffic& traffic,
       EventLog log);

  /// Everywhere it is to be found: "http://127.0.0.1:8000/", "https://...", "unix:/run/shm-mjpeg.sock".
  const std::vector<std::string>& urls() const noexcept { return urls_; }
  /// Whether other machines can reach it.
  bool is_wide() const noexcept { return is_wide_; }
  void open();
  /// For those that come; of those that are there, for what they do from now on.
  /// Throws Error(invalid_argument) and changes nothing if a trusted proxy is none.
  void set_limits(const DoorLimits& limits);
  /// Reads the certificate and the key again, for connections to come. Where they are not well, those from
  /// before stay, and the log tells why.
  void renew_certificate();
  /// Takes no more connections and closes those that no handler took over.
  void stop();

 private:
  void add(boost::asio::io_context& loop, Listening listening);
  void take(boost::asio::io_context& loop, int fd, const sockaddr_storage& from, bool has_tls);
  Connection::Welcome welcome(const std::string& address);

  std::optional<TlsFiles> tls_files_;
  std::optional<TlsContext> tls_;
  Reception reception_;
  std::optional<UnixPlace> unix_place_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<std::string> urls_;
  bool is_wide_ = false;
};

}  // namespace shmvideo::sink

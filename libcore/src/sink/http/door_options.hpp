// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "segment/unique_fd.hpp"
#include "sink/http/tls/tls_context.hpp"

namespace shmvideo::sink {

struct TcpAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8000;  ///< 0: any free one
};

struct UnixAddress {
  std::string path;
  mode_t mode = 0660;
};

/// A socket that listens, which whoever started the program made.
struct PassedSocket {
  UniqueFd fd;
  std::string name;  ///< what it is called there
};

/// What strangers may take of a server, and whose word is taken for who they are.
struct DoorLimits {
  unsigned clients = 1000;             ///< open connections, those of streams among them
  unsigned clients_per_address = 100;  ///< of them; see counted_as()
  unsigned streams = 900;              ///< of them, so that somebody may still ask how it goes
  std::uint32_t header_bytes = 16 * 1024;
  /// From the connection, or from the first byte of a further request, to the end of the header; for a TLS
  /// handshake as well.
  std::chrono::nanoseconds header_timeout = std::chrono::seconds(10);
  /// How long a connection may stay without a further request.
  std::chrono::nanoseconds idle_timeout = std::chrono::seconds(30);
  std::vector<std::string> trusted_proxies{};  ///< see TrustedProxies
};

/// Where a server listens, and who may come in.
struct DoorOptions {
  std::optional<TcpAddress> tcp;
  std::optional<UnixAddress> unix_socket;
  std::vector<PassedSocket> passed;
  std::optional<TlsFiles> tls;  ///< for TCP; unix sockets do without
  DoorLimits limits;
};

}  // namespace shmvideo::sink

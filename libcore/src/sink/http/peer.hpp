// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace shmvideo::sink {

/// Who is at the other end of a connection.
struct Peer {
  std::string name;                  ///< "127.0.0.1:4242", "unix (pid 42)", for logs and reports
  bool is_unix = false;              ///< else `address` is set
  boost::asio::ip::address address;  ///< IPv4 as such, though it came in over IPv6
};

/// `address` is what accept() told of `descriptor`.
Peer peer_of(const sockaddr_storage& address, int descriptor);

/// For whom a connection from this address counts: IPv6 by its /64, of which one household has them all.
/// Empty, for nobody, for loopback: a proxy there brings everybody's requests, and a program there needs no
/// connections to do harm.
std::string counted_as(const boost::asio::ip::address& address);

/// The proxies whose word is taken for whom they bring requests. Immutable; any thread.
class TrustedProxies {
 public:
  TrustedProxies() = default;
  /// Each "10.0.0.1", "10.0.0.0/8" or "fd00::/8". Throws Error(invalid_argument).
  explicit TrustedProxies(const std::vector<std::string>& networks);

  /// Whether `peer` is one; everybody at a unix socket is.
  bool trusts(const Peer& peer) const noexcept { return peer.is_unix || trusts(peer.address); }
  /// Whom a request that came from one is for: the last of X-Forwarded-For ("a, b") that is no trusted
  /// proxy, else X-Real-IP; unspecified where they do not tell, or tell nonsense.
  boost::asio::ip::address client_of(std::string_view forwarded_for, std::string_view real_ip) const;

 private:
  bool trusts(const boost::asio::ip::address& address) const noexcept;
  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
};

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#include "sink/http/peer.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "shmvideo/error.hpp"

namespace shmvideo::sink {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

ip::address plain(const ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

template <typename Kernel>
Kernel copied(const sockaddr_storage& address) {
  Kernel kernel{};
  std::memcpy(&kernel, &address, sizeof kernel);
  return kernel;
}

Peer unix_peer(int descriptor) {
  ucred who{};
  socklen_t size = sizeof who;
  const bool is_known = ::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 && who.pid > 0;
  Peer peer;
  peer.is_unix = true;
  peer.name = is_known ? "unix (pid " + std::to_string(who.pid) + ")" : "unix";
  return peer;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const auto begin = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

/// An address, with a port or without; unspecified: none.
ip::address address_in(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  error_code error;
  const auto address = ip::make_address(text, error);
  return error ? ip::address() : plain(address);
}

}  // namespace

Peer peer_of(const sockaddr_storage& address, int descriptor) {
  if (address.ss_family != AF_INET && address.ss_family != AF_INET6) return unix_peer(descriptor);
  Peer peer;
  in_port_t port = 0;
  if (address.ss_family == AF_INET) {
    const auto kernel = copied<sockaddr_in>(address);
    port = kernel.sin_port;
    peer.address = ip::address_v4(ntohl(kernel.sin_addr.s_addr));
  } else {
    const auto kernel = copied<sockaddr_in6>(address);
    port = kernel.sin6_port;
    ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &kernel.sin6_addr, bytes.size());
    peer.address = plain(ip::address_v6(bytes, kernel.sin6_scope_id));
  }
  const std::string text = peer.address.to_string();
  peer.name = (peer.address.is_v6() ? "[" + text + "]" : text) + ":" + std::to_string(ntohs(port));
  return peer;
}

std::string counted_as(const ip::address& address) {
  if (address.is_loopback() || address.is_unspecified()) return {};
  return address.is_v4() ? address.to_string() : ip::network_v6(address.to_v6(), 64).canonical().to_string();
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
  for (const std::string& text : networks) {
    error_code error;
    const bool has_length = text.find('/') != text.npos;
    if (text.find(':') == text.npos) {
      const auto network = ip::make_network_v4(has_length ? text : text + "/32", error);
      if (!error) v4_.push_back(network.canonical());
    } else {
      const auto network = ip::make_network_v6(has_length ? text : text + "/128", error);
      if (!error) v6_.push_back(network.canonical());
    }
    if (error) {
      throw Error(ErrorCode::invalid_argument,
                  "'" + text + "' is no address of a proxy: give one as 10.0.0.1, or many as 10.0.0.0/8");
    }
  }
}

bool TrustedProxies::trusts(const ip::address& address) const noexcept {
  const auto is_within = [](const auto& networks, const auto& one) {
    return std::ranges::any_of(networks, [&one](const auto& network) {
      using Network = std::remove_cvref_t<decltype(network)>;
      return Network(one, network.prefix_length()).canonical() == network;
    });
  };
  return address.is_v4() ? is_within(v4_, address.to_v4()) : is_within(v6_, address.to_v6());
}

ip::address TrustedProxies::client_of(std::string_view forwarded_for, std::string_view real_ip) const {
  if (trimmed(forwarded_for).empty()) return address_in(real_ip);
  // From the last on: what stands further to the left was written by somebody less trusted.
  ip::address client;
  while (!forwarded_for.empty()) {
    const auto comma = forwarded_for.rfind(',');
    const bool is_first = comma == forwarded_for.npos;
    client = address_in(is_first ? forwarded_for : forwarded_for.substr(comma + 1));
    if (is_first || client.is_unspecified() || !trusts(client)) break;
    forwarded_for = forwarded_for.substr(0, comma);
  }
  return client;
}

}  // namespace shmvideo::sink

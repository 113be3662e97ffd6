// SPDX-License-Identifier: Apache-2.0
#include "http/address.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>

#include <cstring>
#include <memory>

#include "http/socket.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo::bench::http {
namespace {

constexpr int kProbeMs = 1000;

bool is_listened_at(const Address& address) {
  Socket socket;
  if (socket.connect(address, 0) != 0) return false;
  pollfd connected{socket.fd(), POLLOUT, 0};
  return ::poll(&connected, 1, kProbeMs) == 1 && socket.error() == 0;
}

}  // namespace

std::vector<Address> addresses_of(const Target& target) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(target.port);
  const int error = ::getaddrinfo(target.host.c_str(), port.c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
  if (error != 0 || found == nullptr) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("--http: the host '{}' is not known ({}); is it spelled right?", target.host,
                            error != 0 ? ::gai_strerror(error) : "no address"));
  }
  std::vector<Address> addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    Address address;
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
    address.bytes = each->ai_addrlen;
    addresses.push_back(address);
  }
  return addresses;
}

Address choose(const std::vector<Address>& addresses) {
  for (const Address& address : addresses) {
    if (addresses.size() > 1 && is_listened_at(address)) return address;
  }
  return addresses.front();
}

}  // namespace shmvideo::bench::http

// SPDX-License-Identifier: Apache-2.0
#include "sink/http/listen/listening.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/socket_base.hpp>
#include <cstddef>

#include "shmvideo/error.hpp"
#include "sink/http/peer.hpp"

namespace shmvideo::sink {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

tcp::endpoint resolve(asio::io_context& loop, const std::string& host, std::uint16_t port) {
  error_code error;
  const auto found = tcp::resolver(loop).resolve(
      host, std::to_string(port), tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error || found.empty()) {
    throw Error(ErrorCode::invalid_argument, "'" + host + "' is no address to listen on: " + error.message());
  }
  return found.begin()->endpoint();
}

std::string text_of(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

int option_of(int fd, int option) noexcept {
  int value = -1;
  socklen_t size = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

std::string unix_path(const sockaddr_storage& address, socklen_t size) {
  const auto& local = reinterpret_cast<const sockaddr_un&>(address);
  constexpr std::size_t kBefore = offsetof(sockaddr_un, sun_path);
  if (size <= kBefore) return {};
  std::string path(local.sun_path, size - kBefore);
  if (path.front() == '\0') path.front() = '@';  // abstract, as people write it
  return path.substr(0, path.find('\0'));
}

}  // namespace

Listening listen_on_tcp(const std::string& host, std::uint16_t port) {
  asio::io_context loop;  // for no more than this call
  const tcp::endpoint endpoint = resolve(loop, host, port);
  tcp::acceptor acceptor(loop);
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error == asio::error::address_in_use) {
    throw Error(ErrorCode::system,
                text_of(endpoint) + " is taken by another program; choose another with --port",
                error.value());
  }
  if (error) {
    throw Error(ErrorCode::system, "cannot listen on " + text_of(endpoint) + ": " + error.message(),
                error.value());
  }
  Listening listening;
  const tcp::endpoint local = acceptor.local_endpoint();
  listening.place = text_of(local);
  listening.is_wide = !local.address().is_loopback();
  listening.fd.reset(acceptor.release());
  return listening;
}

Listening adopt_listening(UniqueFd fd, const std::string& name) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  const bool is_known = ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0;
  const int family = is_known ? address.ss_family : AF_UNSPEC;
  const bool is_one = option_of(fd.get(), SO_TYPE) == SOCK_STREAM && option_of(fd.get(), SO_ACCEPTCONN) == 1;
  if (!is_one || (family != AF_INET && family != AF_INET6 && family != AF_UNIX)) {
    throw Error(
        ErrorCode::invalid_argument,
        "descriptor " + std::to_string(fd.get()) + " (" + name +
            "), which was passed to listen at, is no socket that listens for streams: use ListenStream=");
  }
  Listening listening;
  listening.is_unix = family == AF_UNIX;
  if (listening.is_unix) {
    listening.place = unix_path(address, size);
  } else {
    const Peer local = peer_of(address, fd.get());
    listening.place = local.name;
    listening.is_wide = !local.address.is_loopback();
  }
  listening.fd = std::move(fd);
  return listening;
}

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#include "sink/http/door.hpp"

#include <utility>

#include "shmvideo/error.hpp"

namespace shmvideo::sink {
namespace {

/// So many at a time are told that there are too many, beyond the limit; others find the door shut.
constexpr std::uint64_t kTurningAwayMax = 64;

}  // namespace

Door::Door(boost::asio::io_context& loop, DoorOptions options, const Router& router, Traffic& traffic,
           EventLog log)
    : tls_files_(std::move(options.tls)),
      reception_{.router = router,
                 .traffic = traffic,
                 .log = std::move(log),
                 .limits = options.limits,
                 .proxies = TrustedProxies(options.limits.trusted_proxies)} {
  if (tls_files_) {
    tls_.emplace(*tls_files_);
    for (const std::string& warning : tls_->warnings()) reception_.log(EventLevel::warn, warning);
  }
  if (options.tcp) add(loop, listen_on_tcp(options.tcp->host, options.tcp->port));
  for (PassedSocket& passed : options.passed) add(loop, adopt_listening(std::move(passed.fd), passed.name));
  if (options.unix_socket) {
    unix_place_.emplace(options.unix_socket->path, options.unix_socket->mode);
    add(loop, unix_place_->take());
  }
}

void Door::add(boost::asio::io_context& loop, Listening listening) {
  const bool has_tls = tls_ && !listening.is_unix;
  is_wide_ |= listening.is_wide;
  urls_.push_back(listening.is_unix ? "unix:" + listening.place
                                    : (has_tls ? "https://" : "http://") + listening.place + "/");
  listeners_.push_back(std::make_unique<Listener>(
      loop, std::move(listening.fd),
      [this, &loop, has_tls](int fd, const sockaddr_storage& from) { take(loop, fd, from, has_tls); },
      reception_.log));
}

void Door::open() {
  for (const auto& listener : listeners_) listener->accept();
}

void Door::take(boost::asio::io_context& loop, int fd, const sockaddr_storage& from, bool has_tls) {
  Socket::Plain plain(loop);
  boost::system::error_code error;
  plain.assign(boost::asio::generic::stream_protocol(from.ss_family, 0), fd, error);
  if (error) {
    const UniqueFd closed(fd);
    return reception_.log(EventLevel::warn, "cannot take a connection: " + error.message());
  }
  Peer peer = peer_of(from, fd);
  // A proxy's connection counts for those that it brings, one after the other.
  const std::string address = reception_.proxies.trusts(peer) ? "" : counted_as(peer.address);
  const auto how = welcome(address);
  if (how == Connection::Welcome::turned_away && reception_.traffic.turning_away >= kTurningAwayMax) return;
  try {
    Socket socket(std::move(plain), Seat(reception_.traffic, address));
    if (has_tls) socket.start_tls(*tls_);
    std::make_shared<Connection>(std::move(socket), std::move(peer), reception_, how)->start();
  } catch (const Error& no_memory) {
    reception_.log(EventLevel::warn, no_memory.what());
  }
}

Connection::Welcome Door::welcome(const std::string& address) {
  Traffic& traffic = reception_.traffic;
  const DoorLimits& limits = reception_.limits;
  if (traffic.open >= limits.clients + traffic.turning_away) {
    ++traffic.over_clients;
    reception_.log(EventLevel::warn, "there are as many clients as --max-clients allows, which is " +
                                         std::to_string(limits.clients) + "; others are turned away");
    return Connection::Welcome::turned_away;
  }
  if (!address.empty() && Seat::count(traffic, address) >= limits.clients_per_address) {
    ++traffic.over_clients_per_address;
    reception_.log(EventLevel::warn, address +
                                         " has as many connections as --max-clients-per-address allows, "
                                         "which is " +
                                         std::to_string(limits.clients_per_address) +
                                         "; more are turned away");
    return Connection::Welcome::turned_away;
  }
  return Connection::Welcome::served;
}

void Door::set_limits(const DoorLimits& limits) {
  reception_.proxies = TrustedProxies(limits.trusted_proxies);
  reception_.limits = limits;
}

void Door::renew_certificate() {
  if (!tls_files_) return;
  try {
    tls_.emplace(TlsContext(*tls_files_));
    for (const std::string& warning : tls_->warnings()) reception_.log(EventLevel::warn, warning);
    reception_.log(EventLevel::info, "certificate read again: valid until " + tls_->valid_until());
  } catch (const Error& error) {
    reception_.log(EventLevel::warn, std::string(error.what()) + "; the certificate from before stays");
  }
}

void Door::stop() {
  for (const auto& listener : listeners_) listener->stop();
  unix_place_.reset();
  for (Connection* connection : reception_.connections) connection->close();
}

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#include "options_door.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "shmvideo/error.hpp"
#include "sink/http/peer.hpp"

namespace shmvideo::mjpeg {
namespace {

using namespace std::chrono_literals;

constexpr int kClientsMost = 100'000;
constexpr std::uint64_t kHeaderLeast = 1024;
constexpr std::uint64_t kHeaderMost = 1024 * 1024;

void check_tls(const DoorSettings& settings) {
  if (settings.key && !settings.certificate)
    throw toolkit::UsageError("--tls-key: a key alone is no use; give the certificate with --tls-cert");
}

void check_limits(const DoorSettings& settings) {
  const sink::DoorLimits& limits = settings.limits;
  if (settings.max_header.bytes < kHeaderLeast || settings.max_header.bytes > kHeaderMost)
    throw toolkit::UsageError("--max-header: use 1K to 1M");
  if (limits.header_timeout < 100ms) throw toolkit::UsageError("--header-timeout: use 100ms or more");
  if (limits.idle_timeout < 100ms) throw toolkit::UsageError("--idle-timeout: use 100ms or more");
  try {
    const sink::TrustedProxies checked(limits.trusted_proxies);
  } catch (const Error& error) {
    throw toolkit::UsageError(std::string("--trusted-proxy: ") + error.what());
  }
}

void define_places(toolkit::Cli& cli, DoorSettings& settings) {
  cli.group("Where it listens");
  cli.option("-s,--host", settings.tcp.host, "Address to listen on")
      .metavar("ADDRESS")
      .details(
          "Where --unix is given, or where sockets were passed by systemd (LISTEN_FDS), there is no TCP but "
          "for those who give --host or --port.");
  cli.number("-p,--port", settings.tcp.port, 0, 65535, "Port to listen on").details("0 is any free one.");
  cli.check([&cli, &settings] {
    settings.is_tcp_asked_for = std::ranges::any_of(cli.options(), [](const toolkit::DeclaredOption& option) {
      const std::string& name = option.model.long_name;
      return (name == "host" || name == "port") && option.origin != toolkit::Origin::built_in;
    });
  });
  cli.option("--unix", settings.unix_path, "Unix socket to listen at")
      .details(
          "One that was left by a server that is gone is replaced; it is removed at the end. What comes "
          "through it needs no TLS, and may tell for whom it is (see --trusted-proxy).")
      .if_unset("none");
  cli.option("--unix-mode", settings.unix_mode, "Who may connect to the unix socket, in octal digits")
      .details("Whoever may write to it may.")
      .range("0 to 777");
}

void define_tls(toolkit::Cli& cli, DoorSettings& settings) {
  cli.option("--tls-cert", settings.certificate, "Certificate, in PEM, its chain behind it: TCP speaks HTTPS")
      .details(
          "TLS 1.2 and 1.3. SIGHUP reads certificate and key again, without dropping anybody; where the new "
          "ones are no good, those from before stay.")
      .if_unset("HTTP");
  cli.option("--tls-key", settings.key, "The certificate's key, in PEM, without a passphrase")
      .if_unset("in the file of --tls-cert");
  cli.check([&settings] { check_tls(settings); });
}

void define_limits(toolkit::Cli& cli, DoorSettings& settings) {
  sink::DoorLimits& limits = settings.limits;
  cli.group("Who may come in");
  cli.number("--max-clients", limits.clients, 1, kClientsMost, "Connections that may be open")
      .details("Others get status 503, or none where there are many of them.")
      .reloadable();
  cli.number("--max-clients-per-address", limits.clients_per_address, 1, kClientsMost,
             "Connections that may be open from one address")
      .details(
          "IPv6 addresses count by their first 64 bits. Connections from this machine, and those of trusted "
          "proxies, are not counted; the clients that such proxies name are.")
      .reloadable();
  cli.number("--max-streams", limits.streams, 1, kClientsMost, "Streams that may be open").reloadable();
  cli.list("--trusted-proxy", limits.trusted_proxies, "Address of a proxy that says for whom it asks")
      .metavar("ADDRESS")
      .details(
          "One, as 10.0.0.1, or many, as 10.0.0.0/8. For requests of others, X-Forwarded-For and X-Real-IP "
          "mean nothing; for those through a unix socket they count without this.")
      .if_unset("none")
      .reloadable();
  cli.option("--max-header", settings.max_header, "Longest header of a request")
      .range("1K to 1M")
      .reloadable();
  cli.option("--header-timeout", limits.header_timeout, "Time for the whole header of a request")
      .details("From the connection on; for a TLS handshake as well.")
      .range("100ms or more")
      .reloadable();
  cli.option("--idle-timeout", limits.idle_timeout, "Time that a connection may stay without a request")
      .range("100ms or more")
      .reloadable();
  cli.check([&settings] { check_limits(settings); });
}

}  // namespace

void define_door(toolkit::Cli& cli, DoorSettings& settings) {
  define_places(cli, settings);
  define_tls(cli, settings);
  define_limits(cli, settings);
}

sink::DoorLimits limits_of(const DoorSettings& settings) {
  sink::DoorLimits limits = settings.limits;
  limits.header_bytes = static_cast<std::uint32_t>(settings.max_header.bytes);
  return limits;
}

sink::DoorOptions door_of(const DoorSettings& settings, std::vector<sink::PassedSocket> passed) {
  sink::DoorOptions door;
  const bool has_other = settings.unix_path || !passed.empty();
  if (settings.is_tcp_asked_for || !has_other) door.tcp = settings.tcp;
  if (settings.unix_path) door.unix_socket = {settings.unix_path->string(), settings.unix_mode.bits};
  door.passed = std::move(passed);
  if (settings.certificate) {
    door.tls = {settings.certificate->string(), settings.key.value_or(*settings.certificate).string()};
  }
  door.limits = limits_of(settings);
  return door;
}

}  // namespace shmvideo::mjpeg

shmvideo::mjpeg::SocketMode shmvideo::toolkit::Value<shmvideo::mjpeg::SocketMode>::parse(
    std::string_view text) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits, 8);
  if (error != std::errc{} || end != text.data() + text.size() || bits > 0777) {
    throw UsageError(
        fmt::format("'{}' is no mode of a socket: use octal digits from 0 to 777, as 660", text));
  }
  return {static_cast<mode_t>(bits)};
}

std::string shmvideo::toolkit::Value<shmvideo::mjpeg::SocketMode>::print(mjpeg::SocketMode mode) {
  return fmt::format("{:04o}", mode.bits);
}

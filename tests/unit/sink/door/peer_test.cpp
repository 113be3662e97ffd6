// SPDX-License-Identifier: Apache-2.0
#include "sink/http/peer.hpp"

#include <netinet/in.h>

#include <cstring>
#include <string>

#include "shmvideo/error.hpp"
#include "support/catch.hpp"

using namespace shmvideo::sink;
using boost::asio::ip::make_address;

TEST_CASE("a peer is called by its address and port, IPv4 as such though it came in over IPv6") {
  sockaddr_in6 mapped{};
  mapped.sin6_family = AF_INET6;
  mapped.sin6_port = htons(80);
  const auto bytes = boost::asio::ip::make_address_v6("::ffff:192.0.2.7").to_bytes();
  std::memcpy(&mapped.sin6_addr, bytes.data(), bytes.size());
  sockaddr_storage storage{};
  std::memcpy(&storage, &mapped, sizeof mapped);
  const Peer peer = peer_of(storage, -1);
  CHECK(peer.name == "192.0.2.7:80");
  CHECK(peer.address == make_address("192.0.2.7"));
  const auto other = boost::asio::ip::make_address_v6("2001:db8::1").to_bytes();
  std::memcpy(&mapped.sin6_addr, other.data(), other.size());
  std::memcpy(&storage, &mapped, sizeof mapped);
  CHECK(peer_of(storage, -1).name == "[2001:db8::1]:80");
}

TEST_CASE("addresses count by what one household has, and this machine's own do not") {
  CHECK(counted_as(make_address("192.0.2.7")) == "192.0.2.7");
  CHECK(counted_as(make_address("2001:db8:1:2::1")) == counted_as(make_address("2001:db8:1:2:3:4:5:6")));
  CHECK(counted_as(make_address("2001:db8:1:2::1")) != counted_as(make_address("2001:db8:1:3::1")));
  for (const char* own : {"127.0.0.1", "127.3.2.1", "::1", "0.0.0.0", "::"}) {
    CHECK(counted_as(make_address(own)).empty());
  }
}

TEST_CASE("a proxy is trusted by its address or its network") {
  const TrustedProxies proxies({"10.0.0.1", "192.168.0.0/16", "fd00::/8"});
  const auto trusts = [&](const char* address) {
    Peer peer;
    peer.address = make_address(address);
    return proxies.trusts(peer);
  };
  CHECK(trusts("10.0.0.1"));
  CHECK_FALSE(trusts("10.0.0.2"));
  CHECK(trusts("192.168.200.1"));
  CHECK_FALSE(trusts("192.169.0.1"));
  CHECK(trusts("fd12::1"));
  CHECK_FALSE(trusts("2001:db8::1"));
  Peer by_unix;
  by_unix.is_unix = true;
  CHECK(TrustedProxies().trusts(by_unix));
  for (const char* nonsense : {"", "example.org", "10.0.0.0/33", "10.0.0", "fd00::/129", "10.0.0.1/"}) {
    CAPTURE(nonsense);
    CHECK_THROWS_AS(TrustedProxies({nonsense}), shmvideo::Error);
  }
}

TEST_CASE("whom a request is for is the last that no trusted proxy is") {
  const TrustedProxies proxies({"10.0.0.0/8"});
  const auto client = [&](const char* forwarded, const char* real = "") {
    const auto address = proxies.client_of(forwarded, real);
    return address.is_unspecified() ? std::string() : address.to_string();
  };
  CHECK(client("192.0.2.1") == "192.0.2.1");
  CHECK(client("1.1.1.1, 192.0.2.1") == "192.0.2.1");  // the first was made up by the second
  CHECK(client("192.0.2.1, 10.0.0.2,10.0.0.3") == "192.0.2.1");
  CHECK(client("10.0.0.2, 10.0.0.3") == "10.0.0.2");
  CHECK(client("192.0.2.1:4711") == "192.0.2.1");
  CHECK(client("[2001:db8::1]:80") == "2001:db8::1");
  CHECK(client("2001:db8::1") == "2001:db8::1");
  CHECK(client("::ffff:192.0.2.1") == "192.0.2.1");
  CHECK(client("192.0.2.1, unknown") == "");
  CHECK(client("192.0.2.1, ") == "");
  CHECK(client("", "192.0.2.9") == "192.0.2.9");
  CHECK(client("192.0.2.1", "192.0.2.9") == "192.0.2.1");
  CHECK(client("", "<script>") == "");
  CHECK(client("[", "[") == "");
  CHECK(client("") == "");
}

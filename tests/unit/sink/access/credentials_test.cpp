// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/credentials.hpp"

#include <random>
#include <string>

#include "sink/http/access/attempts.hpp"
#include "sink/http/access/digest.hpp"
#include "sink/http/access/verdicts.hpp"
#include "support/catch.hpp"

using namespace shmvideo::sink;

namespace {

using Kind = Credentials::Kind;
constexpr std::uint64_t kSecondNs = 1'000'000'000;

}  // namespace

TEST_CASE("credentials are what the two schemes say", "[sink][access]") {
  const auto bearer = parse_authorization("Bearer abc.def");
  CHECK((bearer.kind == Kind::bearer && bearer.secret == "abc.def"));
  CHECK(parse_authorization("bEaReR   abc ").secret == "abc");
  const auto basic = parse_authorization("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK((basic.kind == Kind::basic && basic.user == "Aladdin" && basic.secret == "open sesame"));
  CHECK(parse_authorization("basic YTpiOmM=").secret == "b:c");
  CHECK(parse_authorization("Basic Og==").kind == Kind::basic);
  CHECK(parse_authorization("").kind == Kind::none);
  CHECK(parse_authorization("  ").kind == Kind::none);
}

TEST_CASE("what is no credentials is told from none", "[sink][access]") {
  for (const char* value : {"Bearer", "Bearer ", "Basic", "Basic !", "Basic QQ", "Basic Q===", "Basic QUI=",
                            "Basic QTpC\nQTpC", "Basic QTpCAA==AAAA", "Digest username=\"a\"", "abc",
                            "Basic Y TpiOmM=", "Basic YToAYg=="}) {  // the last has a zero byte
    INFO(value);
    CHECK(parse_authorization(value).kind == Kind::malformed);
  }
  CHECK(parse_authorization("Bearer " + std::string(kSecretBytesMax, 'x')).kind == Kind::bearer);
  CHECK(parse_authorization("Bearer " + std::string(kSecretBytesMax + 1, 'x')).kind == Kind::malformed);
}

TEST_CASE("any bytes are credentials or none", "[sink][access]") {
  std::minstd_rand random(7);
  const std::string letters = "Basic Bearer bASIC AZaz09+/=:\t\n";
  for (int i = 0; i < 20'000; ++i) {
    std::string value = i % 3 == 0 ? "Basic " : i % 3 == 1 ? "Bearer " : "";
    for (auto left = random() % 40; left > 0; --left)
      value += i % 2 == 0 ? letters[random() % letters.size()] : static_cast<char>(random());
    const Credentials given = parse_authorization(value);
    const bool has_both = given.kind == Kind::basic;
    REQUIRE((has_both || given.user.empty()));
    REQUIRE((has_both || given.kind == Kind::bearer || given.secret.empty()));
    REQUIRE(given.secret.find('\0') == std::string::npos);
  }
}

TEST_CASE("a digest under a key tells nothing without it", "[sink][access]") {
  const KeyedDigest one, other;
  CHECK(one.of("a") == one.of("a"));
  CHECK(one.of("a") != one.of("b"));
  CHECK(one.of("a") != other.of("a"));
  CHECK(is_same(digest_of("a"), digest_of("a")));
  CHECK_FALSE(is_same(digest_of("a"), digest_of("b")));
}

TEST_CASE("guesses are counted by machine, as far as addresses tell", "[sink][access]") {
  CHECK(guesser_of("192.0.2.7:4711") == "192.0.2.7");
  CHECK(guesser_of("[2001:db8:1:2:3:4:5:6]:80") == "2001:db8:1:2::/64");
  CHECK(guesser_of("[2001:db8:1:2::9]:81") == "2001:db8:1:2::/64");
  CHECK(guesser_of("[::ffff:192.0.2.7]:80") == "192.0.2.7");
  CHECK(guesser_of("[fe80::1%eth0]:80") == "fe80::/64");
  CHECK(guesser_of("2001:db8:1:2::9") == "2001:db8:1:2::/64");
  CHECK(guesser_of("192.0.2.7") == "192.0.2.7");
  CHECK(guesser_of("unix (pid 17)") == guesser_of("unix (pid 18)"));
  CHECK(guesser_of("somebody who left") == "somebody who left");
  CHECK(guesser_of("[").empty());
}

TEST_CASE("ten guesses, and one more for each six seconds", "[sink][access]") {
  Attempts attempts;
  std::uint64_t now = 5 * kSecondNs;
  for (int i = 0; i < 10; ++i) CHECK(attempts.take("a", now));
  CHECK_FALSE(attempts.take("a", now));
  CHECK(attempts.take("b", now));
  CHECK(attempts.pause("a", now).count() == 6);
  now += 5 * kSecondNs;
  CHECK_FALSE(attempts.is_left("a", now));
  CHECK(attempts.pause("a", now).count() == 1);
  now += kSecondNs;
  CHECK(attempts.take("a", now));
  CHECK_FALSE(attempts.take("a", now));
  attempts.give_back("a", now);
  CHECK(attempts.take("a", now));
  now += 3600 * kSecondNs;
  for (int i = 0; i < 10; ++i) CHECK(attempts.take("a", now));
  CHECK_FALSE(attempts.take("a", now));
}

TEST_CASE("those who guess do not fill the memory, and who guessed most is remembered", "[sink][access]") {
  Attempts attempts;
  for (int i = 0; i < 10; ++i) attempts.take("worst", kSecondNs);
  for (int i = 0; i < 20'000; ++i) attempts.take(std::to_string(i), kSecondNs);
  CHECK(attempts.size() == Attempts::kGuessersMax);
  CHECK_FALSE(attempts.is_left("worst", kSecondNs));
}

TEST_CASE("what is known is forgotten in the order in which it came", "[sink][access]") {
  Verdicts<int> known(2);
  known.keep(digest_of("a"), 1);
  known.keep(digest_of("a"), 2);
  known.keep(digest_of("b"), 3);
  REQUIRE(known.find(digest_of("a")));
  CHECK(*known.find(digest_of("a")) == 2);
  known.keep(digest_of("c"), 4);
  CHECK_FALSE(known.find(digest_of("a")));
  CHECK(known.find(digest_of("b")));
  known.clear();
  CHECK_FALSE(known.find(digest_of("b")));
}

// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/access_rules.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "shmvideo/error.hpp"
#include "sink/http/access/password_check.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::sink;

namespace {

constexpr const char* kToken = "0123456789abcdef";
// Of the words "correct horse", by openssl passwd -6.
constexpr const char* kSha512 =
    "$6$saltsalt$hRM5XZ86KXEw9UOmjigeVqFgULtFB2sgpC9lXQDfMib3Zgw7mEiUvBJI2EplzfAqxL5Vvwp2scFtv/uamSo5z0";

AccessRules parse(const std::string& text) { return AccessRules::parse(text, "auth"); }

std::string mistake_in(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_argument);
    return error.what();
  }
  return "none";
}

std::optional<Access> with_token(const AccessRules& rules, std::string_view token) {
  return rules.find_token(digest_of(token));
}

}  // namespace

TEST_CASE("a token is good for what its line says", "[sink][access]") {
  const AccessRules rules = parse(
      "# for the house\n\n  token admin aaaaaaaaaaaaaaaaaaaa\r\n"
      "token viewer bbbbbbbbbbbbbbbbbbbb\ntoken\tviewer:garden cccccccccccccccccccc");
  CHECK(rules.size() == 3);
  CHECK(with_token(rules, "aaaaaaaaaaaaaaaaaaaa")->is_admin());
  CHECK(with_token(rules, "bbbbbbbbbbbbbbbbbbbb")->may_see("garden"));
  const auto guest = with_token(rules, "cccccccccccccccccccc");
  REQUIRE(guest);
  CHECK(guest->may_see("garden"));
  for (const char* other : {"", "front", "garden2", "gard", "Garden"}) CHECK_FALSE(guest->may_see(other));
  for (const char* wrong : {"", "aaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaa", "Aaaaaaaaaaaaaaaaaaaa"})
    CHECK_FALSE(with_token(rules, wrong));
}

TEST_CASE("nobody who is not known may see anything", "[sink][access]") {
  CHECK_FALSE(Access{}.may_see("front"));
  CHECK_FALSE(Access{}.may_see(""));
  CHECK(Access::to_everything().may_see("front"));
}

TEST_CASE("a token that stands in the file as its digest is let in, the digest is not", "[sink][access]") {
  // printf %s 0123456789abcdef | openssl dgst -sha256
  const std::string digest = "9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f";
  const AccessRules rules = parse("token admin sha256:" + digest + "\n");
  CHECK(with_token(rules, kToken));
  CHECK_FALSE(with_token(rules, digest));
  CHECK_FALSE(with_token(rules, "sha256:" + digest));
}

TEST_CASE("a user has a hash, and who is unknown has one that takes as long", "[sink][access]") {
  const AccessRules rules = parse(std::string("user viewer:front ann ") + kSha512 + "\n");
  const auto* ann = rules.find_user(digest_of("ann"));
  const auto* nobody = rules.find_user(digest_of("bob"));
  REQUIRE((ann && nobody && ann != nobody));
  CHECK(ann->access.segment == "front");
  CHECK(nobody->access.role == Role::none);
  CHECK(nobody->hash == ann->hash);
  CHECK(is_password("correct horse", ann->hash));
  for (const char* wrong : {"", "correct horse ", "correct", "Correct horse", kSha512})
    CHECK_FALSE(is_password(wrong, ann->hash));
  CHECK_FALSE(is_password("x", "*0"));
  CHECK_FALSE(is_password("x", ""));
  CHECK(parse(std::string("token admin ") + kToken).find_user(digest_of("ann")) == nullptr);
}

TEST_CASE("another password is another right, another role is the same", "[sink][access]") {
  const auto right_in = [](const std::string& text) {
    return parse(text).find_user(digest_of("ann"))->access.right;
  };
  const std::string other = std::string(kSha512).replace(5, 1, "z");
  const Digest right = right_in(std::string("user viewer ann ") + kSha512);
  CHECK(right == right_in(std::string("user admin ann ") + kSha512));
  CHECK(right != right_in("user viewer ann " + other));
  const AccessRules now = parse(std::string("user viewer:garden ann ") + kSha512);
  CHECK(now.find_right(right)->segment == "garden");
  CHECK_FALSE(now.find_right(Digest{}));
}

TEST_CASE("a line that is none is told by its number, and nothing of what stands in it", "[sink][access]") {
  const std::string good = std::string("token admin ") + kToken + "\n";
  const std::string secret = "Very-Secret-Word-0123456789";
  const std::vector<std::pair<std::string, std::string>> lines = {
      {secret, "begins with token, user or #"},
      {"Token admin " + secret, "begins with token, user or #"},
      {"token " + secret, "neither admin, viewer nor viewer:SEGMENT"},
      {"token root " + secret, "neither admin, viewer nor viewer:SEGMENT"},
      {"token viewer: " + secret, "name"},
      {"token viewer:a/b " + secret, "name"},
      {"token admin", "the token is missing"},
      {"token admin Secret-Word", "shorter than 16"},
      {"token admin " + secret + std::string(600, 'x'), "longer than 511"},
      {"token admin " + secret + ":x", "letters, digits"},
      {"token admin " + secret + "\xc3\xa4", "letters, digits"},
      {"token admin sha256:" + secret, "64 hexadecimal digits"},
      {"token admin " + secret + " more", "a word too many"},
      {"user admin", "name is missing"},
      {"user admin a:b " + secret, "no colon"},
      {"user admin ann", "hash of the password is missing"},
      {"user admin ann " + secret, "no hash of a password"},
      {"user admin ann $6$" + secret, "no hash of a password"},
      {"user admin ann abJnggxhB/yWI", "no hash of a password"},
      {"user admin ann $1$abcdefgh$0000000000000000000000", "no protection any more"},
  };
  for (const auto& [line, words] : lines) {
    const std::string said = mistake_in("# a comment\n" + good + line + "\n" + good);
    INFO(line);
    CHECK_THAT(said, ContainsSubstring(words));
    CHECK(said.starts_with("auth:3: "));
    CHECK(said.find("Secret") == std::string::npos);
    CHECK(said.find(kToken) == std::string::npos);
    CHECK(said.find('\n') == std::string::npos);
  }
  CHECK(mistake_in(good + good) == "auth:2: this token stands in line 1 already");
  CHECK_THAT(mistake_in("# nothing\n"), ContainsSubstring("nobody could come in"));
  CHECK_THAT(mistake_in(""), ContainsSubstring("nobody could come in"));
}

TEST_CASE("a file that everybody may write is refused, one that everybody may read is remarked on",
          "[sink][access]") {
  const std::string path = "/tmp/access-rules-test-" + std::to_string(::getpid());
  std::ofstream(path) << "token admin " << kToken << "\n";
  ::chmod(path.c_str(), 0600);
  CHECK(read_access_file(path).remark.empty());
  ::chmod(path.c_str(), 0644);
  CHECK_THAT(read_access_file(path).remark, ContainsSubstring("may read it"));
  ::chmod(path.c_str(), 0602);
  CHECK_THROWS_WITH(read_access_file(path), ContainsSubstring("may write it"));
  ::unlink(path.c_str());
  CHECK_THROWS_WITH(read_access_file(path), ContainsSubstring("No such file"));
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK_THROWS_WITH(read_access_file(path), ContainsSubstring("no regular file"));
  ::unlink(path.c_str());
}

// SPDX-License-Identifier: Apache-2.0
#include "sink/http/conditional.hpp"

#include "support/catch.hpp"

using namespace shmvideo::sink;

TEST_CASE("a tag is found in a list of tags", "[sink][http]") {
  CHECK(has_matching_etag(R"("a")", R"("a")"));
  CHECK(has_matching_etag(R"("x", "a")", R"("a")"));
  CHECK(has_matching_etag(R"("x","y" ,	"a" , "z")", R"("a")"));
  CHECK(has_matching_etag(R"(, ,"a",)", R"("a")"));
  CHECK_FALSE(has_matching_etag(R"("x", "y")", R"("a")"));
  CHECK_FALSE(has_matching_etag("", R"("a")"));
}

TEST_CASE("weak tags are as good as strong ones", "[sink][http]") {
  CHECK(has_matching_etag(R"(W/"a")", R"("a")"));
  CHECK(has_matching_etag(R"("a")", R"(W/"a")"));
  CHECK(has_matching_etag(R"(W/"x", W/"a")", R"(W/"a")"));
  CHECK_FALSE(has_matching_etag(R"(w/"a")", R"("a")"));
}

TEST_CASE("a star stands for whatever there is", "[sink][http]") {
  CHECK(has_matching_etag("*", R"("a")"));
  CHECK(has_matching_etag(" * ", R"("a")"));
  CHECK_FALSE(has_matching_etag(R"("*")", R"("a")"));
}

TEST_CASE("a comma and a star in a tag belong to it", "[sink][http]") {
  CHECK(has_matching_etag(R"("a,b")", R"("a,b")"));
  CHECK_FALSE(has_matching_etag(R"("a,b")", R"("a")"));
  CHECK_FALSE(has_matching_etag(R"("x,"a",y")", R"("b")"));
}

TEST_CASE("what is no list of tags matches nothing from there on", "[sink][http]") {
  for (const char* text : {"a", "\"a", "a\"", "x, \"a\"", "W/", "W/a", "\"", ",", "\"x\" y \"a\""}) {
    INFO(text);
    CHECK_FALSE(has_matching_etag(text, R"("a")"));
  }
  CHECK(has_matching_etag(R"("a" and more)", R"("a")"));
}

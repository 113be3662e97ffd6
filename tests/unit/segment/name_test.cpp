// SPDX-License-Identifier: Apache-2.0
#include "shmvideo/name.hpp"

#include "shmvideo/error.hpp"
#include "support/catch.hpp"

using namespace shmvideo;

TEST_CASE("names that are names", "[segment]") {
  for (const std::string& name : {std::string("a"), std::string("0"), std::string("billiards_video"),
                                  std::string("cam-1.left"), std::string("A..b"), std::string(100, 'x'),
                                  std::string("lock"), std::string("x.lockx"), std::string("x.reader")}) {
    INFO(name);
    CHECK(SegmentName::is_valid(name));
    CHECK(SegmentName(name).str() == name);
  }
}

TEST_CASE("nothing else ever becomes part of a path", "[segment]") {
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string(".hidden"), std::string("-option"),
        std::string("_x"), std::string("a/b"), std::string("../x"), std::string("/x"), std::string("a b"),
        std::string("a\n"), std::string("a\0b", 3), std::string("a%"), std::string("\xc3\xa9"),
        std::string(101, 'x'), std::string("a.lock"), std::string("a.readers"), std::string("a\x1b[0m")}) {
    INFO(name);
    CHECK_FALSE(SegmentName::is_valid(name));
    try {
      SegmentName refused(name);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::invalid_name);
      // What is shown of it can do a terminal no harm.
      for (const char* c = error.what(); *c; ++c) CHECK((*c >= ' ' && *c <= '~'));
    }
  }
}

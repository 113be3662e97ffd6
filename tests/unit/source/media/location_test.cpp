// SPDX-License-Identifier: Apache-2.0
#include "source/libav/location.hpp"

#include "support/catch.hpp"

using namespace shmvideo::source::media;

TEST_CASE("paths, URLs and standard input are told apart") {
  CHECK(kind_of("-") == LocationKind::standard_input);
  CHECK(kind_of("film.mp4") == LocationKind::path);
  CHECK(kind_of("a:b/film.mp4") == LocationKind::path);
  CHECK(kind_of("://x") == LocationKind::path);
  CHECK(kind_of("what is/this://x") == LocationKind::path);
  CHECK(kind_of("RTSP://host/x") == LocationKind::url);
  CHECK(scheme_of("RTSP://host/x") == "rtsp");
  CHECK(is_streaming_scheme("rtsp"));
  CHECK_FALSE(is_streaming_scheme("http"));
}

TEST_CASE("nobody is shown a password") {
  CHECK(shown_location("rtsp://me:secret@host:554/x?y=a@b") == "rtsp://host:554/x?y=a@b");
  CHECK(shown_location("rtsp://me:se@cret@host") == "rtsp://host");
  CHECK(shown_location("http://host/a@b") == "http://host/a@b");
  CHECK(shown_location("film@home.mp4") == "film@home.mp4");
  CHECK(shown_location("-") == "standard input");
}

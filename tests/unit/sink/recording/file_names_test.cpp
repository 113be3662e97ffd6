// SPDX-License-Identifier: Apache-2.0
#include "sink/recording/file_names.hpp"

#include "shmvideo/error.hpp"
#include "sink/recording/container.hpp"
#include "support/catch.hpp"

using namespace shmvideo;
using namespace shmvideo::sink;

TEST_CASE("a template gives the names of numbered files") {
  CHECK(NumberedName("frame-%06d.jpg").at(7) == "frame-000007.jpg");
  CHECK(NumberedName("frame-%06d.jpg").at(12345678) == "frame-12345678.jpg");
  CHECK(NumberedName("a/b/%d.png").at(42) == "a/b/42.png");
  CHECK(NumberedName("100%%-%02d%%.png").at(3) == "100%-03%.png");
  CHECK(NumberedName("%d%d-folder/%d.png").at(1) == "%d%d-folder/1.png");
}

TEST_CASE("a template with anything but one number is refused") {
  for (const char* pattern :
       {"frame.jpg", "%d-%d.jpg", "%s.jpg", "%n.jpg", "%06d%n.jpg", "%6d.jpg", "%0d.jpg", "%010d.jpg",
        "%ld.jpg", "%x.jpg", "%", "%d%", "%%d.jpg", "%*d.jpg", "%1$d.jpg", ""}) {
    INFO(pattern);
    CHECK_THROWS_AS(NumberedName(pattern), Error);
  }
}

TEST_CASE("a number in a name is noticed") {
  CHECK(NumberedName::has_number("x%d"));
  CHECK(NumberedName::has_number("%%%03d"));
  CHECK_FALSE(NumberedName::has_number("100%.mkv"));
  CHECK_FALSE(NumberedName::has_number("%%d.mkv"));
}

TEST_CASE("parts of a recording are numbered before the ending") {
  CHECK(part_name("x.mp4", 0) == "x.mp4");
  CHECK(part_name("x.mp4", 1) == "x-001.mp4");
  CHECK(part_name("a.b/c.d.mkv", 12) == "a.b/c.d-012.mkv");
  CHECK(part_name("/tmp/noending", 999) == "/tmp/noending-999");
}

TEST_CASE("what a file is follows from its ending, case aside") {
  CHECK(container_of("x.mkv") == Container::matroska);
  CHECK(container_of("a.b/X.MP4") == Container::mp4);
  CHECK(container_of("frame-%06d.JPEG") == Container::jpeg_files);
  CHECK(container_of("x.mjpg") == Container::mjpeg);
  for (const char* file : {"x", "x.", ".mkv", "x.mk", "x.mkvx", "mkv", "x.txt", "-"}) {
    INFO(file);
    CHECK_FALSE(container_of(file));
  }
}

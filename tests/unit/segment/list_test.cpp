// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include "segment/file_kind.hpp"
#include "segment_files.hpp"
#include "shmvideo/error.hpp"
#include "shmvideo/name.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"

using namespace shmvideo;
using namespace shmvideo_test;

TEST_CASE("segments are listed by name, and nothing else is", "[segment]") {
  TempPlace place;
  CHECK(list_segments().empty());
  make_segment(place.path(), "zebra");
  make_segment(place.path(), "ant");
  write_file(place.path() / "text", {'h', 'e', 'l', 'l', 'o'});
  write_file(place.path() / "empty", {});
  write_file(place.path() / "ant.readers", {'S', 'H', 'M', 'V'});
  std::filesystem::create_directory(place.path() / "folder");
  std::filesystem::create_symlink(place.path() / "ant", place.path() / "link");
  REQUIRE(::mkfifo((place.path() / "pipe").c_str(), 0600) == 0);
  const auto found = list_segments();
  REQUIRE(found.size() == 2);
  CHECK(found[0].name.str() == "ant");
  CHECK(found[1].name.str() == "zebra");
  CHECK(found[0].path == place.path() / "ant");
}

TEST_CASE("what stands at a path is told by its first bytes, without hanging or following", "[segment]") {
  TempPlace place;
  make_segment(place.path(), "good");
  write_file(place.path() / "short", {'S', 'H', 'M', 'V'});
  write_file(place.path() / "cut", {'S', 'H', 'M', 'V', 'I', 'D', 'E', 'O'});
  write_file(place.path() / "empty", {});
  std::filesystem::create_symlink(place.path() / "good", place.path() / "link");
  REQUIRE(::mkfifo((place.path() / "pipe").c_str(), 0600) == 0);
  CHECK(file_kind(place.path() / "none") == FileKind::absent);
  CHECK(file_kind(place.path() / "good") == FileKind::segment);
  CHECK(file_kind(place.path() / "cut") == FileKind::segment);
  CHECK(file_kind(place.path() / "short") == FileKind::other);
  CHECK(file_kind(place.path() / "empty") == FileKind::empty);
  CHECK(file_kind(place.path() / "link") == FileKind::other);
  CHECK(file_kind(place.path() / "pipe") == FileKind::other);
  CHECK(file_kind(place.path()) == FileKind::other);
}

TEST_CASE("an unfinished segment leaves nothing, a finished one goes with its name only if that is its own",
          "[segment]") {
  TempPlace place;
  const SegmentPaths paths(place.path(), "name");
  { const CreatedSegment abandoned(paths, plan_of("name"), nullptr); }
  CHECK(place.files() == 0);
  CreatedSegment first(paths, plan_of("name"), nullptr);
  first.publish_name();
  CHECK(first.is_intact());
  CreatedSegment second(paths, plan_of("name"), nullptr);
  second.publish_name();
  CHECK_FALSE(first.is_intact());
  first.unlink_name();
  CHECK(second.is_intact());
  second.unlink_name();
  CHECK(place.files() == 0);
}

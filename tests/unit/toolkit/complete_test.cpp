// SPDX-License-Identifier: Apache-2.0
#include "toolkit/options/complete.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "shmvideo/layout.h"
#include "shmvideo/writer.hpp"
#include "support/catch.hpp"
#include "support/temp_place.hpp"
#include "toolkit/options/usage_error.hpp"

namespace fs = std::filesystem;
using namespace shmvideo;
using namespace shmvideo::toolkit;

namespace {

void write_file(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// A node below /dev, and what the system says of it.
void add_camera(const fs::path& root, const std::string& node, const std::string& name,
                const std::string& index) {
  write_file(root / "dev" / node, "");
  if (!name.empty()) write_file(root / "sys/class/video4linux" / node / "name", name + "\n");
  if (!index.empty()) write_file(root / "sys/class/video4linux" / node / "index", index + "\n");
}

}  // namespace

TEST_CASE("cameras are offered with their names, their first nodes first, then the names they keep") {
  const shmvideo_test::TempPlace place;
  const fs::path root = place.path();
  add_camera(root, "video10", "Wide\tangle", "0");
  add_camera(root, "video2", "HD Webcam", "0");
  add_camera(root, "video3", "HD Webcam", "1");
  add_camera(root, "video4", "", "");
  write_file(root / "dev/videotape", "");
  write_file(root / "dev/null", "");
  fs::create_directories(root / "dev/v4l/by-id");
  fs::create_symlink("../../video2", root / "dev/v4l/by-id/usb-HD-index0");
  const std::string dev = (root / "dev").string();
  CHECK(device_candidates(root / "dev", root / "sys") ==
        dev + "/video2\tHD Webcam\n" +                  //
            dev + "/video4\tcamera\n" +                 //
            dev + "/video10\tWide angle\n" +            //
            dev + "/video3\tHD Webcam, its node 2\n" +  //
            dev + "/v4l/by-id/usb-HD-index0\tHD Webcam (video2)\n");
}

TEST_CASE("without cameras none are offered") {
  const shmvideo_test::TempPlace place;
  CHECK(device_candidates(place.path() / "dev", place.path() / "sys").empty());
}

TEST_CASE("segments are offered with what they are, live ones first, damaged ones last") {
  const shmvideo_test::TempPlace place;
  const std::uint64_t magic = SHMV_MAGIC;
  std::ofstream(place.path() / "broken", std::ios::binary)
      .write(reinterpret_cast<const char*>(&magic), sizeof magic);
  write_file(place.path() / "letter", "This is no segment.");
  WriterOptions options;
  options.stream = {.fourcc = make_fourcc('G', 'R', 'E', 'Y'), .width = 64, .height = 48};
  options.slot_capacity_bytes = 64 * 48;
  options.program = "some-writer";
  const auto writer = Writer::create(SegmentName("cam"), options);
  CHECK(completion_candidates("segments") == "cam\tlive, 64x48 GRAY8, some-writer (pid " +
                                                 std::to_string(::getpid()) + ")\nbroken\tcannot be read\n");
}

TEST_CASE("shells ask for nothing else") { CHECK_THROWS_AS(completion_candidates("biscuits"), UsageError); }

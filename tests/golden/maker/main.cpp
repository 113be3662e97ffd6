// SPDX-License-Identifier: Apache-2.0
//
// golden-maker OUTPUT
//
// Makes the set of golden segments of the present version of the format in the folder OUTPUT, with the
// library's own writer in the folder that SHM_VIDEO_DIR names. The same bytes each time. ../README.md
#include <cstdlib>
#include <exception>
#include <iostream>

#include "maker/scene.hpp"

int main(int argc, char** argv) {
  const char* place = std::getenv("SHM_VIDEO_DIR");
  if (argc != 2 || !place) {
    std::cerr << "usage: SHM_VIDEO_DIR=PLACE golden-maker OUTPUT\n";
    return 2;
  }
  try {
    std::filesystem::create_directories(argv[1]);
    golden::Workshop workshop(place, argv[1]);
    golden::make_raw_scenes(workshop);
    golden::make_coded_scenes(workshop);
    golden::make_restart_scenes(workshop);
    golden::make_version_scenes(workshop);
    golden::make_refused_scenes(workshop);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "golden-maker: " << error.what() << '\n';
    return 1;
  }
}

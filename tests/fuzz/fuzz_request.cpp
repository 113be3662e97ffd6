// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "request_pass.hpp"

/// Leaves requests to begin from in the folder that SHMVIDEO_FUZZ_SAMPLE names.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* folder = std::getenv("SHMVIDEO_FUZZ_SAMPLE");
  if (!folder) return 0;
  int number = 0;
  for (const auto& request : shmvideo_test::sample_requests()) {
    const auto path = std::filesystem::path(folder) / ("sample-" + std::to_string(number++));
    std::ofstream(path, std::ios::binary).put(1).put(0) << request;
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  shmvideo_test::request_pass({data, size});
  shmvideo_test::target_pass({reinterpret_cast<const char*>(data), size});
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <fstream>

#include "config_pass.hpp"

/// Leaves a sample to begin from where SHMVIDEO_FUZZ_SAMPLE says.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  if (const char* path = std::getenv("SHMVIDEO_FUZZ_SAMPLE"))
    std::ofstream(path) << shmvideo_test::sample_config();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  shmvideo_test::config_pass({reinterpret_cast<const char*>(data), size});
  return 0;
}

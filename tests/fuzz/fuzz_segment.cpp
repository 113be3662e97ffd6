// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <string>

#include "segment_pass.hpp"

/// Leaves a sample to begin from where SHMVIDEO_FUZZ_SAMPLE says.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  if (const char* path = std::getenv("SHMVIDEO_FUZZ_SAMPLE")) {
    const auto sample = shmvideo_test::sample_segment();
    // One byte in front says whether to sign.
    std::ofstream(path, std::ios::binary)
        .put(1)
        .write(reinterpret_cast<const char*>(sample.data()), static_cast<std::streamsize>(sample.size()));
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 0) shmvideo_test::segment_pass({data + 1, size - 1}, data[0] & 1);
  return 0;
}

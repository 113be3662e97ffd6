// SPDX-License-Identifier: Apache-2.0
#include "reader_pass.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  shmvideo_test::reader_pass({data, size});
  return 0;
}

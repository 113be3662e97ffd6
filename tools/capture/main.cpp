// SPDX-License-Identifier: Apache-2.0
#include "capture.hpp"
#include "toolkit/tool.hpp"

int main(int argc, char** argv) {
  return shmvideo::toolkit::run_tool(shmvideo::capture::capture_tool(), argc, argv);
}

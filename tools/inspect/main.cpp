// SPDX-License-Identifier: Apache-2.0
#include "inspect.hpp"
#include "toolkit/tool.hpp"

int main(int argc, char** argv) {
  return shmvideo::toolkit::run_tool(shmvideo::inspect::inspect_tool(), argc, argv);
}

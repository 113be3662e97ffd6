// SPDX-License-Identifier: Apache-2.0
#include "record.hpp"
#include "toolkit/tool.hpp"

int main(int argc, char** argv) {
  return shmvideo::toolkit::run_tool(shmvideo::record::record_tool(), argc, argv);
}

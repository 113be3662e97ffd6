// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"
#include "run.hpp"
#include "toolkit/tool.hpp"

int main(int argc, char** argv) {
  using namespace shmvideo;
  return toolkit::run_tool(toolkit::make_tool(bench::tool_info(), bench::define, bench::run), argc, argv);
}

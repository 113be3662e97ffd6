// SPDX-License-Identifier: Apache-2.0
// The main() of every tool.
#include "this_tool.hpp"

int main(int argc, char** argv) { return shmvideo::toolkit::run_tool(shmvideo::this_tool(), argc, argv); }

// SPDX-License-Identifier: Apache-2.0
//
// soak: readers that come, go, are stopped and killed, and writers that change sizes, are killed and closed,
// for as long as wanted. In the end everything must be as it was in the beginning. ../../docs/soak.md
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include <iostream>
#include <random>

#include "options.hpp"
#include "roles.hpp"
#include "soak.hpp"

namespace {

/// A process of the crew: `soak --role ROLE LEDGER NAME NAME WHICH BYTES RATE FRAMES SEED`.
int run_role(char** argv) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  soak::Duty duty;
  const std::string role = argv[2];
  duty.ledger = soak::map_ledger(std::stoi(argv[3]));
  duty.names[0] = argv[4];
  duty.names[1] = argv[5];
  duty.which = static_cast<std::uint32_t>(std::stoul(argv[6]));
  duty.frame_bytes = std::stoull(argv[7]);
  duty.rate = std::stod(argv[8]);
  duty.visit_frames = std::stoull(argv[9]);
  duty.seed = std::stoull(argv[10]);
  if (role == "writer") return soak::run_writer(duty, duty.which == 0);
  if (role == "resident") return soak::run_resident(duty);
  if (role == "regular") return soak::run_regular(duty);
  return soak::run_visitor(duty);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 11 && std::string(argv[1]) == "--role") return run_role(argv);
    soak::Options options = soak::parse_options(argc, argv);
    if (options.seed == 0) options.seed = std::random_device{}();
    return soak::run(options) ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "soak: " << error.what() << '\n';
    return 3;
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

namespace shmvideo::tally {

void define(toolkit::Cli& cli, TallyOptions& options) {
  toolkit::add_read_segment(cli, options.name);
  toolkit::add_timeout(cli, options.timeout);
  toolkit::add_run_limits(cli, options.limits, "frames");
  cli.number("--every", options.every, 1, 1000, "Count only every so manieth frame").reloadable();
}

}  // namespace shmvideo::tally

// SPDX-License-Identifier: Apache-2.0
// The other process of the tests between processes: a writer or a reader that does what it is told,
// line by line on standard input, and answers each line with one on standard output. It ends with its
// input, and is killed with its parent.
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "peer/options.hpp"
#include "shmvideo/error.hpp"

using namespace shmvideo_test;

namespace {

std::size_t files_in_place() {
  const char* place = ::getenv("SHM_VIDEO_DIR");
  if (!place) return 0;
  std::error_code failed;
  const std::filesystem::directory_iterator files(place, failed);
  return failed ? 0 : static_cast<std::size_t>(std::distance(files, std::filesystem::directory_iterator()));
}

}  // namespace

int main(int argc, char** argv) {
  const PeerOptions options(argc, argv);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  ::signal(SIGPIPE, SIG_IGN);
  enter_surroundings(options);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  try {
    if (options.role == "write") return run_writer(options);
    if (options.role == "read") return run_reader(options);
    if (options.role == "vandal") return run_vandal(options);
    // Only there, until its input ends.
    std::printf("ready pid=%d\n", ::getpid());
    while (std::getchar() != EOF) continue;
    return 0;
  } catch (const shmvideo::Error& error) {
    std::printf("error %s files=%zu %s\n", to_string(error.code()), files_in_place(), error.what());
  }
  return 1;
}

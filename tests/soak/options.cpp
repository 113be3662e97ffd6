// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <cstdlib>
#include <iostream>
#include <map>
#include <stdexcept>

namespace soak {
namespace {

constexpr const char* kUsage = R"(usage: soak [OPTION VALUE]...
  --frames N          until so many frames are published, and as many looked at
  --attachments N     and so many readers came
  --seconds S         and so long
  --limit S           but no longer than this: FAIL then
  --readers N         how many come and go at a time (100)
  --frame-bytes N     the largest frame (32768); sizes change all the time
  --rate N            frames a second of each of the two writers (as fast as it goes)
  --visit-frames N    a reader stays for up to so many frames (16)
  --blow-seconds S    time between two blows: a kill, a stop, a restart (0.02)
  --seed N            repeat the chance of the run that printed it
  --report S          a line each so many seconds (30)
)";

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  std::map<std::string, std::uint64_t*> numbers{{"--frames", &options.frames},
                                                {"--attachments", &options.attachments},
                                                {"--frame-bytes", &options.frame_bytes},
                                                {"--visit-frames", &options.visit_frames},
                                                {"--seed", &options.seed}};
  std::map<std::string, double*> reals{{"--seconds", &options.seconds},
                                       {"--limit", &options.limit_seconds},
                                       {"--rate", &options.rate},
                                       {"--blow-seconds", &options.blow_seconds},
                                       {"--report", &options.report_seconds}};
  try {
    for (int i = 1; i < argc; i += 2) {
      const std::string name = argv[i];
      const std::string value = i + 1 < argc ? argv[i + 1] : "";
      if (name == "--help") {
        std::cout << kUsage;
        std::exit(0);
      }
      std::size_t used = 0;
      if (numbers.contains(name))
        *numbers[name] = std::stoull(value, &used);
      else if (reals.contains(name))
        *reals[name] = std::stod(value, &used);
      else if (name == "--readers")
        options.readers = static_cast<std::uint32_t>(std::stoul(value, &used));
      if (used == 0 || used != value.size()) throw std::invalid_argument(name);
    }
    if (options.readers == 0 || options.readers > 120 || options.frame_bytes < 4096 ||
        options.blow_seconds <= 0)
      throw std::invalid_argument("--readers is 1 to 120, --frame-bytes 4096 or more");
    if (options.frames == 0 && options.attachments == 0 && options.seconds <= 0)
      throw std::invalid_argument("say when it is enough: --frames, --attachments or --seconds");
  } catch (const std::exception& error) {
    std::cerr << "soak: " << error.what() << '\n' << kUsage;
    std::exit(2);
  }
  return options;
}

}  // namespace soak

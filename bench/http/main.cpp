// SPDX-License-Identifier: Apache-2.0
// What bench/http/run measures a server with, and what it compares to; started by it.
//
//   bench_http take SEGMENT FRAMES FILE          saves a clip of a segment, with some noise
//   bench_http convert CLIP FORMAT QUALITY FILE  saves it in another format; QUALITY is JPEG's
//   bench_http feed SEGMENT CLIP FPS             publishes a clip until SIGTERM
//   bench_http encode SEGMENT QUALITY SECONDS    bare TurboJPEG on frames in the slots; prints JSON
//   bench_http send CLIP FPS                     sends a clip of JPEG to whoever connects, until SIGTERM
#include <fmt/core.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "http/roles.hpp"

namespace shmvideo_bench {
namespace {

volatile std::sig_atomic_t has_signal = 0;

int number(const std::string& text) { return std::atoi(text.c_str()); }

bool run(const std::vector<std::string>& words) {
  const std::string role = words.empty() ? "" : words[0];
  if (role == "take" && words.size() == 4) {
    Clip clip = take_clip(words[1], static_cast<unsigned>(number(words[2])));
    add_noise(clip);
    clip.save(words[3]);
  } else if (role == "convert" && words.size() == 5) {
    const auto format = shmvideo::pixel_format_from_name(words[2]);
    if (!format) return false;
    convert(Clip::load(words[1]), *format, number(words[3])).save(words[4]);
  } else if (role == "feed" && words.size() == 4) {
    feed(words[1], Clip::load(words[2]), static_cast<unsigned>(number(words[3])));
  } else if (role == "encode" && words.size() == 4) {
    const EncodeCost cost = encode_bare(words[1], number(words[2]), std::atof(words[3].c_str()));
    say(fmt::format(R"({{"frames": {}, "cpu_ms": {:.4f}, "wall_ms": {:.4f}, "bytes": {:.0f}}})", cost.frames,
                    cost.cpu_ms, cost.wall_ms, cost.bytes));
  } else if (role == "send" && words.size() == 3) {
    send_bare(Clip::load(words[1]), static_cast<unsigned>(number(words[2])));
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool is_over() noexcept { return has_signal != 0; }

void say(std::string_view line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

}  // namespace shmvideo_bench

int main(int argc, char** argv) try {
  struct sigaction action {};
  action.sa_handler = [](int) { shmvideo_bench::has_signal = 1; };  // without SA_RESTART: sleeps end
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
  if (shmvideo_bench::run({argv + 1, argv + argc})) return 0;
  fmt::print(stderr, "usage: see bench/http/main.cpp; bench/http/run starts this program\n");
  return 2;
} catch (const std::exception& error) {
  fmt::print(stderr, "bench_http: {}\n", error.what());
  return 1;
}

// SPDX-License-Identifier: Apache-2.0
#include "mjpeg/served.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include "mjpeg/viewers.hpp"

extern char** environ;

namespace shmvideo_bench {
namespace {

std::string first_word(const std::filesystem::path& path) {
  std::string word;
  std::ifstream(path) >> word;
  return word;
}

}  // namespace

Served::Served(const std::string& segment) {
  std::array<int, 2> out{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  std::string name = segment;
  std::array<char*, 6> arguments{const_cast<char*>(SHMVIDEO_MJPEG), name.data(),
                                 const_cast<char*>("--port"),       const_cast<char*>("0"),
                                 const_cast<char*>("--quiet"),      nullptr};
  const int error = ::posix_spawn(&pid_, SHMVIDEO_MJPEG, &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  std::string line;
  for (char c = 0; error == 0 && ::read(out[0], &c, 1) == 1 && c != '\n';) line += c;
  ::close(out[0]);
  const auto colon = line.rfind(':');
  if (colon == line.npos) throw std::runtime_error(std::string(SHMVIDEO_MJPEG) + " does not start");
  port_ = static_cast<std::uint16_t>(std::strtoul(line.c_str() + colon + 1, nullptr, 10));
}

Served::~Served() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

Served::Cpu Served::cpu() const {
  Cpu cpu;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task")) {
    const double seconds = std::strtod(first_word(task.path() / "schedstat").c_str(), nullptr) * 1e-9;
    cpu.all_seconds += seconds;
    if (first_word(task.path() / "comm") == "jpeg-encoder") cpu.encoder_seconds += seconds;
  }
  return cpu;
}

std::uint64_t Served::encodes() const {
  constexpr std::string_view kRequest = "GET /stream/video/status HTTP/1.0\r\n\r\n";
  constexpr std::string_view kKey = "\"encodes\": ";
  const int fd = connect_to(port_, kRequest);
  std::string answer;
  std::array<char, 4096> piece{};
  for (ssize_t got = 0; (got = ::read(fd, piece.data(), piece.size())) > 0;) {
    answer.append(piece.data(), static_cast<std::size_t>(got));
  }
  ::close(fd);
  const auto found = answer.find(kKey);
  if (found == answer.npos) throw std::runtime_error("the server's status says nothing of encodes");
  return std::strtoull(answer.c_str() + found + kKey.size(), nullptr, 10);
}

double Served::private_dirty_mib() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/smaps_rollup");
  for (std::string word; file >> word;) {
    double kib = 0;
    if (word == "Private_Dirty:" && file >> kib) return kib / 1024;
  }
  return 0;
}

}  // namespace shmvideo_bench

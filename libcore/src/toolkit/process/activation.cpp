// SPDX-License-Identifier: Apache-2.0
#include "toolkit/process/activation.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "shmvideo/error.hpp"
#include "toolkit/text.hpp"

namespace shmvideo::toolkit {
namespace {

constexpr int kFirstDescriptor = 3;
constexpr int kMost = 1024;  // a number of descriptors that is larger is a mistake

std::optional<std::string> take(const char* variable) {
  const char* const value = std::getenv(variable);
  if (!value) return std::nullopt;
  std::optional<std::string> taken(value);
  ::unsetenv(variable);
  return taken;
}

int whole_number(const char* variable, const std::string& text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || parsed != end || number < 0)
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{} is '{}': a whole number is wanted", variable, text));
  return number;
}

}  // namespace

std::vector<PassedDescriptor> take_passed_descriptors() {
  const auto pid = take("LISTEN_PID");
  const auto count = take("LISTEN_FDS");
  const auto names = take("LISTEN_FDNAMES");
  std::vector<PassedDescriptor> passed;
  if (!pid || !count || whole_number("LISTEN_PID", *pid) != ::getpid()) return passed;
  const int descriptors = whole_number("LISTEN_FDS", *count);
  if (descriptors > kMost)
    throw Error(ErrorCode::invalid_argument, fmt::format("LISTEN_FDS is {}: that is too many", descriptors));
  const std::vector<std::string> all_names = names ? split(*names, ":") : std::vector<std::string>();
  for (int i = 0; i < descriptors; ++i) {
    const int fd = kFirstDescriptor + i;
    const int flags = ::fcntl(fd, F_GETFD);
    if (flags < 0) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("LISTEN_FDS is {}, but descriptor {} is not open", descriptors, fd));
    }
    ::fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
    const auto index = static_cast<std::size_t>(i);
    passed.push_back({UniqueFd(fd), index < all_names.size() ? all_names[index] : "unknown"});
  }
  return passed;
}

}  // namespace shmvideo::toolkit

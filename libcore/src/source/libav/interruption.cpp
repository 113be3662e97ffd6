// SPDX-License-Identifier: Apache-2.0
#include "source/libav/interruption.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

#include "shmvideo/error.hpp"

namespace shmvideo::source::media {

Interruption::Interruption() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (event_) return;
  const int number = errno;
  throw Error(ErrorCode::system, std::string("cannot make an event descriptor: ") + std::strerror(number),
              number);
}

void Interruption::set() noexcept {
  is_set_.store(true, std::memory_order_release);
  const std::uint64_t one = 1;
  // It can only fail when it is readable already.
  [[maybe_unused]] const auto written = ::write(event_.get(), &one, sizeof one);
}

}  // namespace shmvideo::source::media

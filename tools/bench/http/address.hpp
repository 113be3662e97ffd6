// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <vector>

#include "http/target.hpp"

namespace shmvideo::bench::http {

struct Address {
  sockaddr_storage storage{};
  socklen_t bytes = 0;
};

/// All addresses that the host's name has, as the system likes them best. Throws Error if it has none.
std::vector<Address> addresses_of(const Target& target);

/// The first where somebody listens, else the first: "localhost" is ::1 and 127.0.0.1, and servers often
/// listen at one of them only. Where there is more than one, they are connected to for a moment.
Address choose(const std::vector<Address>& addresses);

}  // namespace shmvideo::bench::http

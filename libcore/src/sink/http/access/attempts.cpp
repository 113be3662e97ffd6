// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/attempts.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace shmvideo::sink {

std::string guesser_of(std::string_view peer) {
  if (peer.starts_with("unix")) return "unix";  // whatever process that was
  const bool is_bare = std::ranges::count(peer, ':') > 1 && !peer.starts_with('[');
  if (!is_bare && !peer.starts_with('[')) return std::string(peer.substr(0, peer.rfind(':')));
  const auto end = std::min(peer.find(']'), peer.size());
  const std::string address(is_bare ? peer : peer.substr(1, end - 1));
  in6_addr bytes{};
  if (::inet_pton(AF_INET6, address.substr(0, address.find('%')).c_str(), &bytes) != 1) return address;
  char text[INET6_ADDRSTRLEN] = {};
  if (IN6_IS_ADDR_V4MAPPED(&bytes)) {
    ::inet_ntop(AF_INET, bytes.s6_addr + 12, text, sizeof text);
    return text;
  }
  std::memset(bytes.s6_addr + 8, 0, 8);
  ::inet_ntop(AF_INET6, &bytes, text, sizeof text);
  return std::string(text) + "/64";
}

double Attempts::now_taken(const Taken& taken, std::uint64_t now_ns) noexcept {
  const std::uint64_t since_ns = now_ns > taken.at_ns ? now_ns - taken.at_ns : 0;
  return std::max(0.0, taken.count - static_cast<double>(since_ns) / static_cast<double>(kPauseNs));
}

double Attempts::count_of(const std::string& guesser, std::uint64_t now_ns) const {
  const auto found = taken_.find(guesser);
  return found == taken_.end() ? 0 : now_taken(found->second, now_ns);
}

bool Attempts::is_left(const std::string& guesser, std::uint64_t now_ns) const {
  return count_of(guesser, now_ns) + 1 <= kBurst;
}

bool Attempts::take(const std::string& guesser, std::uint64_t now_ns) {
  const double count = count_of(guesser, now_ns);
  if (count + 1 > kBurst) return false;
  if (!taken_.contains(guesser)) make_room(now_ns);
  taken_[guesser] = {count + 1, now_ns};
  return true;
}

void Attempts::give_back(const std::string& guesser, std::uint64_t now_ns) {
  const auto found = taken_.find(guesser);
  if (found == taken_.end()) return;
  found->second = {std::max(0.0, now_taken(found->second, now_ns) - 1), now_ns};
  if (found->second.count <= 0) taken_.erase(found);
}

std::chrono::seconds Attempts::pause(const std::string& guesser, std::uint64_t now_ns) const {
  const double missing = std::max(0.0, count_of(guesser, now_ns) + 1 - kBurst);
  const double seconds = missing * static_cast<double>(kPauseNs) / 1e9;
  return std::chrono::seconds(std::max(1L, std::lround(std::ceil(seconds))));
}

void Attempts::make_room(std::uint64_t now_ns) {
  if (taken_.size() < kGuessersMax) return;
  std::erase_if(taken_, [&](const auto& each) { return now_taken(each.second, now_ns) <= 0; });
  if (taken_.size() < kGuessersMax) return;
  taken_.erase(
      std::ranges::min_element(taken_, {}, [&](const auto& each) { return now_taken(each.second, now_ns); }));
}

}  // namespace shmvideo::sink

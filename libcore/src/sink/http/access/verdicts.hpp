// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include "sink/http/access/access.hpp"

namespace shmvideo::sink {

/// What was found out of credentials, by a digest of them that means nothing elsewhere: checking a password
/// takes long on purpose, and pages ask thirty times a second. So many as are given; the oldest go first.
/// Not thread-safe.
template <typename What>
class Verdicts {
 public:
  explicit Verdicts(std::size_t most) : most_(most) {}
  /// Null where nothing is known. Valid until the next call that changes something.
  const What* find(const Digest& credentials) const {
    const auto found = known_.find(credentials);
    return found == known_.end() ? nullptr : &found->second;
  }
  void keep(const Digest& credentials, What what) {
    if (!known_.insert_or_assign(credentials, std::move(what)).second) return;
    order_.push_back(credentials);
    if (order_.size() <= most_) return;
    known_.erase(order_.front());
    order_.pop_front();
  }
  void clear() {
    known_.clear();
    order_.clear();
  }

 private:
  std::size_t most_;
  std::unordered_map<Digest, What, DigestHash> known_;
  std::deque<Digest> order_;
};

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#include "toolkit/messages/repeats.hpp"

#include <algorithm>
#include <utility>

namespace shmvideo::toolkit {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kKnownMax = 4;
constexpr unsigned kTurnsTold = 2;
constexpr std::chrono::nanoseconds kPatience = 10s;
/// Who has told for a while that nothing changes need not say it every ten seconds.
constexpr std::chrono::nanoseconds kPatienceMax = 1min;

}  // namespace

void Repeats::tell_count(Known& known, Time now, const Tell& tell) {
  tell(known.level, known.message, std::exchange(known.count, 0));
  known.told = now;
}

void Repeats::add(LogLevel level, std::string message, Time now, const Tell& tell) {
  const auto found = std::ranges::find_if(known_, [&](const Known& known) {
    return known.level == level && known.message == message && now - known.latest < kPatienceMax;
  });
  if (found != known_.end()) {
    const bool was_last = found + 1 == known_.end();
    std::rotate(found, found + 1, known_.end());
    Known& known = known_.back();
    known.latest = now;
    ++known.count;
    // "Lost" after "back" is news, but not the tenth time within a minute.
    const bool is_news = !was_last && known.turns++ < kTurnsTold;
    return is_news ? tell_all(now, tell) : tell_overdue(now, tell);
  }
  tell_all(now, tell);
  tell(level, message, 1);
  std::erase_if(known_, [&](const Known& known) { return known.level == level && known.message == message; });
  if (known_.size() == kKnownMax) known_.erase(known_.begin());
  known_.push_back({level, std::move(message), now, now, kPatience});
}

void Repeats::tell_overdue(Time now, const Tell& tell) {
  for (Known& known : known_) {
    if (known.count == 0 || now - known.told < known.patience) continue;
    // One that comes seldom is not put off.
    if (known.count > 1) known.patience = std::min(known.patience * 2, kPatienceMax);
    tell_count(known, now, tell);
  }
}

void Repeats::tell_all(Time now, const Tell& tell) {
  for (Known& known : known_) {
    if (known.count > 0) tell_count(known, now, tell);
  }
}

}  // namespace shmvideo::toolkit

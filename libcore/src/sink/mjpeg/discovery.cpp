// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/discovery.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "shmvideo/report.hpp"
#include "sink/live_writer.hpp"
#include "sink/mjpeg/private_source.hpp"

namespace shmvideo::sink {
namespace {

using namespace std::chrono_literals;

/// Files come in crowds, and not all are segments: one look for all of them.
constexpr auto kLookDelay = 50ms;
/// How often a place that cannot be watched is looked at.
constexpr auto kPlacesInterval = 5s;

}  // namespace

Discovery::Discovery(boost::asio::io_context& loop, MappingGuard* guard, EventLog log, IsKnown is_known,
                     OnFound on_found)
    : guard_(guard),
      log_(std::move(log)),
      is_known_(std::move(is_known)),
      on_found_(std::move(on_found)),
      events_(loop),
      look_timer_(loop),
      places_timer_(loop) {}

void Discovery::start() {
  const int descriptor = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (descriptor >= 0) {
    events_.assign(descriptor);
    await_events();
  } else {
    log_(EventLevel::warn, std::string("segments that come are seen late: ") + std::strerror(errno));
  }
  watch_places();  // before the look: what comes in between is told of
  look();
}

void Discovery::stop() {
  is_stopped_ = true;
  look_timer_.cancel();
  places_timer_.cancel();
  boost::system::error_code ignored;
  events_.close(ignored);
}

/// Watches what is not watched yet. Where something is left, it looks by itself from time to time.
void Discovery::watch_places() {
  bool is_complete = events_.is_open();
  for (const Place& place : candidate_places()) {
    const std::string directory = place.directory.string();
    if (!events_.is_open() || std::ranges::count(watched_, directory) > 0) continue;
    // A writer gives its segment a name when it is complete, by a link or a rename.
    if (::inotify_add_watch(events_.native_handle(), directory.c_str(), IN_CREATE | IN_MOVED_TO) < 0) {
      is_complete = false;
    } else {
      watched_.push_back(directory);
      look_soon();
    }
  }
  if (is_complete) return;
  places_timer_.expires_after(kPlacesInterval);
  places_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || is_stopped_) return;
    if (!events_.is_open()) look_soon();
    watch_places();
  });
}

void Discovery::await_events() {
  events_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                     [this](const boost::system::error_code& error) {
                       if (error || is_stopped_) return;
                       read_events();
                       await_events();
                     });
}

void Discovery::read_events() {
  alignas(inotify_event) char buffer[16 * 1024];
  for (;;) {
    const ssize_t count = ::read(events_.native_handle(), buffer, sizeof buffer);
    if (count <= 0) return;
    for (const char* at = buffer; at < buffer + count;) {
      inotify_event event;
      std::memcpy(&event, at, sizeof event);
      const std::string_view name(event.len > 0 ? at + sizeof event : "");
      at += sizeof event + event.len;
      // A watch ends with its directory; another one of that name is a new place.
      if (event.mask & IN_IGNORED) {
        watched_.clear();
        watch_places();
      } else if (event.mask & IN_Q_OVERFLOW || (SegmentName::is_valid(name) && !is_known_(name))) {
        look_soon();
      }
    }
  }
}

void Discovery::look_soon() {
  if (std::exchange(is_look_due_, true)) return;
  look_timer_.expires_after(kLookDelay);
  look_timer_.async_wait([this](const boost::system::error_code& error) {
    is_look_due_ = false;
    if (!error && !is_stopped_) look();
  });
}

void Discovery::look() {
  for (const FoundSegment& found : list_segments()) {
    const std::string& name = found.name.str();
    if (!is_private(name) && !is_known_(name) && has_writer(found, guard_)) on_found_(found.name);
  }
}

}  // namespace shmvideo::sink

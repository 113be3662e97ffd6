// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "shmvideo/mapping_guard.hpp"
#include "shmvideo/name.hpp"
#include "sink/events.hpp"

namespace shmvideo::sink {

/// Finds segments that have a writer: those that are there, and those that come, which the kernel tells
/// (inotify). Private ones (see is_private()) are left alone. While nothing comes it costs nothing, but where
/// a place of segments is not there yet or cannot be watched: that is looked for every few seconds. All calls
/// on the loop's thread.
class Discovery {
 public:
  /// Told of each that is found, in the order of names where several are found at a time.
  using OnFound = std::function<void(const SegmentName&)>;
  /// Tells which ones nobody needs to be told of any more.
  using IsKnown = std::function<bool(std::string_view name)>;

  Discovery(boost::asio::io_context& loop, MappingGuard* guard, EventLog log, IsKnown is_known,
            OnFound on_found);

  void start();
  /// Lets the loop end.
  void stop();

 private:
  void watch_places();
  void await_events();
  void read_events();
  void look_soon();
  void look();

  MappingGuard* guard_;  // borrowed
  EventLog log_;
  IsKnown is_known_;
  OnFound on_found_;
  boost::asio::posix::stream_descriptor events_;
  boost::asio::steady_timer look_timer_;
  boost::asio::steady_timer places_timer_;
  std::vector<std::string> watched_;
  bool is_look_due_ = false;
  bool is_stopped_ = false;
};

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string_view>
#include <vector>

#include "sink/mjpeg/channel.hpp"

namespace shmvideo::sink {

/// The segments that a server serves. One that was added stays, whatever becomes of the segment: viewers may
/// wait for it. All calls on the loop's thread.
class Channels {
 public:
  Channels(boost::asio::io_context& loop, MappingGuard* guard, std::string program, TaskRunner& runner,
           EventLog log);

  /// The channel of that name, made if there is none yet.
  Channel& add(const SegmentName& name);
  /// Null where no such segment is served.
  Channel* find(std::string_view name) const noexcept;
  /// The one that is meant where no name is given; null before the first.
  Channel* first() const noexcept { return channels_.empty() ? nullptr : channels_.front().get(); }
  const std::vector<std::unique_ptr<Channel>>& all() const noexcept { return channels_; }

  /// For the channels that there are, and those to come.
  void set_defaults(const ServingDefaults& defaults);
  void stop();

 private:
  boost::asio::io_context& loop_;
  MappingGuard* guard_;  // borrowed
  std::string program_;
  TaskRunner& runner_;
  EventLog log_;
  ServingDefaults defaults_;
  std::vector<std::unique_ptr<Channel>> channels_;  // in the order in which they came
};

}  // namespace shmvideo::sink

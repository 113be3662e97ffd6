// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string_view>
#include <vector>

#include "sink/http/router.hpp"
#include "sink/mjpeg/channel.hpp"

namespace shmvideo::sink {

/// The segments that a server serves. One that was added stays, whatever becomes of the segment: viewers may
/// wait for it. Beside them there may be a camera of the server's own, which is no segment to those who
/// watch: it is what paths without a name show, but for those below /stream/video/shm. All calls on the
/// loop's thread.
class Channels {
 public:
  Channels(boost::asio::io_context& loop, MappingGuard* guard, std::string program, TaskRunner& runner,
           EventLog log);

  /// The channel of that name, made if there is none yet.
  Channel& add(const SegmentName& name);
  /// Null where no such segment is served.
  Channel* find(std::string_view name) const noexcept;
  /// The one that was added first; null before that.
  Channel* first() const noexcept;
  /// The one that a path shows which names no segment: the camera or the first. May be null.
  Channel* usual(std::string_view path) const noexcept;
  /// The one that a request is for: the segment that it names, else the camera or the first. May be null.
  /// Where it is the camera, the request's width and height are the wish for its size.
  Channel* asked_for(const Request& request) const noexcept;
  /// The camera, while it is shown.
  Channel* camera() const noexcept { return is_camera_shown_ ? camera_ : nullptr; }
  /// In the order in which they came; the camera's among them, from when it was shown first.
  const std::vector<std::unique_ptr<Channel>>& all() const noexcept { return channels_; }

  /// Shows that source, which is borrowed and always the same, or no camera any more (null): its viewers are
  /// closed then.
  void show_camera(PrivateSource* source);

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
  std::vector<std::unique_ptr<Channel>> channels_;
  Channel* camera_ = nullptr;  // one of them
  bool is_camera_shown_ = false;
};

}  // namespace shmvideo::sink

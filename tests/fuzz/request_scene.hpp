// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "shmvideo/writer.hpp"
#include "sink/http/connection.hpp"
#include "sink/http/traffic.hpp"
#include "sink/mjpeg/channels.hpp"
#include "sink/mjpeg/pictures/task_runner.hpp"
#include "sink/mjpeg/serving.hpp"
#include "support/temp_place.hpp"

namespace shmvideo_test {

/// Encodes on the loop's own thread, after what is under way: the same input takes the same course.
class InlineRunner final : public shmvideo::sink::TaskRunner {
 public:
  explicit InlineRunner(boost::asio::io_context& loop) : loop_(loop) {}
  void submit(shmvideo::sink::EncodeTask& task) override;

 private:
  boost::asio::io_context& loop_;
  shmvideo::sink::FrameEncoder encoder_;
};

/// What requests bring ends up in messages: none of it may make two lines of one.
void check_message(shmvideo::sink::EventLevel level, const std::string& sentence);

/// A server of two segments with everything but a port: "fuzz", which has frames, and "absent", which is not
/// there. Connections are pairs of sockets. Everything happens within run_ready(), on the caller's thread.
class RequestScene {
 public:
  /// For all passes of a process: a server for each would cost more than the pass.
  static RequestScene& instance();
  RequestScene();
  ~RequestScene();
  RequestScene(const RequestScene&) = delete;
  RequestScene& operator=(const RequestScene&) = delete;

  /// A connection of the server, and the other end of it, which does not block and is the caller's to close.
  int connect();
  void publish();
  /// Does what can be done now. False when that was nothing.
  bool run_ready();
  /// The same, but waits up to a millisecond for something to do.
  void run_a_while();
  /// Whether no connection is open and nobody is served.
  bool is_quiet() const;

 private:
  TempPlace place_;
  std::unique_ptr<shmvideo::Writer> writer_;
  boost::asio::io_context loop_{1};
  InlineRunner runner_{loop_};
  shmvideo::sink::ServingDefaults defaults_;
  shmvideo::sink::Channels channels_;
  shmvideo::sink::Traffic traffic_;
  shmvideo::sink::Serving serving_;
  shmvideo::sink::Router router_;
  shmvideo::sink::Reception reception_{.router = router_, .traffic = traffic_, .log = &check_message};
  /// Keeps the segment attached, so that no descriptors come and go by themselves.
  shmvideo::sink::FrameFeed::Demand demand_;
};

/// Says what is wrong and ends the process.
[[noreturn]] void give_up(const char* what, const std::string& shown);

}  // namespace shmvideo_test

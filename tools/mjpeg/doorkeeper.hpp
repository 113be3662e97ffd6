// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "sink/mjpeg/server.hpp"
#include "toolkit/messages/log.hpp"

namespace shmvideo::mjpeg {

/// Tells a server who may come in: what the options name is read at the start, and again on each SIGHUP,
/// for a file may have changed while its name has not. One thread.
class Doorkeeper {
 public:
  /// Both are borrowed. Throws UsageError, which has no secret in it, where what `options` name is no good.
  Doorkeeper(const Options& options, sink::MjpegServer& server, toolkit::Log& log);
  /// These options count when it is read again. But who was asked who they are is asked on: a file of options
  /// that was moved away must not open the door.
  void follow(const Options& now);
  /// What goes wrong is told, and everything stays as it was.
  void read_again();

 private:
  void admit(sink::Admission admission);
  sink::AccessOptions options_;
  sink::MjpegServer& server_;
  toolkit::Log& log_;
};

}  // namespace shmvideo::mjpeg

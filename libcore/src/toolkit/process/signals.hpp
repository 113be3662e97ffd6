// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace shmvideo::toolkit {

/// The wish of whoever runs the tool that it stops, as SIGINT and SIGTERM tell it, and SIGHUP when the
/// terminal is gone (see ReloadRequest).
///
/// A process has one at a time; making it installs the handlers, and its end puts back what was there.
/// SIGPIPE is ignored meanwhile: a closed output is an error of write(), see output.hpp.
/// The first signal is a request. Another one, a quarter of a second later or more, ends the process
/// at once, for the case that the first does not help. (Earlier ones are the same wish told twice: a
/// terminal tells the whole process group, and so may the program that started this one.)
/// Thread-safe.
class StopRequest {
 public:
  StopRequest();
  ~StopRequest();
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;

  bool is_set() const noexcept;
  /// The signal that set it, 0 if none did.
  int signal() const noexcept;
  /// Readable from the request on, for poll and event loops. Nobody needs to read it.
  int fd() const noexcept;
  /// Waits until it is set or `timeout` is over, and gives is_set().
  bool wait_for(std::chrono::nanoseconds timeout) const noexcept;
  /// Sets it from within the process. From any thread.
  void set() noexcept;
};

/// The wish that the configuration is read again and log files are opened again, as SIGHUP tells it.
///
/// SIGHUP also tells that the terminal is gone. Where the process had a controlling terminal when this
/// was made and has none any more, it is taken for that: the StopRequest is set. A SIGHUP that is ignored
/// (nohup) stays ignored. A process has one at a time, and a StopRequest that outlives it. Thread-safe.
class ReloadRequest {
 public:
  ReloadRequest();
  ~ReloadRequest();
  ReloadRequest(const ReloadRequest&) = delete;
  ReloadRequest& operator=(const ReloadRequest&) = delete;

  /// Readable while there is a wish that nobody took.
  int fd() const noexcept;
  /// True once for all the signals since the last call.
  bool take() noexcept;
};

}  // namespace shmvideo::toolkit

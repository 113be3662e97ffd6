// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shmvideo/mapping_guard.hpp"
#include "shmvideo/name.hpp"
#include "sink/events.hpp"
#include "sink/http/access/admission.hpp"
#include "sink/http/door_options.hpp"
#include "sink/mjpeg/private_source.hpp"
#include "sink/mjpeg/reports/counters.hpp"
#include "sink/mjpeg/reports/intake.hpp"
#include "sink/mjpeg/serving_defaults.hpp"

namespace shmvideo::sink {

struct MjpegServerOptions {
  std::vector<SegmentName> segments;  ///< the first is the one that paths without a name mean
  bool finds_segments = false;        ///< also serves all others that have a writer, from when they come
  DoorOptions door;
  ServingDefaults defaults;
  unsigned encoder_threads = 0;   ///< 0: as many as there are processors, within reason
  std::string program;            ///< shown to people as the segment's reader
  MappingGuard* guard = nullptr;  ///< borrowed, must outlive the server
  EventLog log;
};

/// Serves segments over HTTP as JPEG pictures: streams, single ones, its status and a page to look at.
/// One thread (that of run()) does all but the encoding. No segment need be there.
class MjpegServer {
 public:
  /// Listens from here on. Throws Error (see Door).
  explicit MjpegServer(MjpegServerOptions options);
  ~MjpegServer();
  MjpegServer(const MjpegServer&) = delete;
  MjpegServer& operator=(const MjpegServer&) = delete;

  /// Everywhere it is to be found, with the ports that were chosen: "http://127.0.0.1:8000/", "https://...",
  /// "unix:/run/shm-mjpeg.sock".
  const std::vector<std::string>& urls() const;
  /// Whether other machines can reach it.
  bool is_wide() const;
  /// From now on; see Door. The thread of run(), or before it. Throws Error(invalid_argument).
  void set_limits(const DoorLimits& limits);
  /// Reads certificate and key again; see Door. The thread of run(), or before it.
  void renew_certificate();
  /// From now on paths without a name show that camera, but for those below /stream/video/shm; null: the
  /// first segment, and the camera's viewers are closed. `camera` is borrowed until the server ends, and
  /// always the same. The thread of run(), or before it.
  void show_camera(PrivateSource* camera);
  /// Calls `on_readable`, from the thread of run(), whenever `fd` is readable; it has to see to it that it is
  /// not any more. Before run(), once only; `fd` is borrowed until run() returns.
  void watch(int fd, std::function<void()> on_readable);
  /// From now on: for requests to come, and for viewers that stay, where they asked for nothing else.
  /// The thread of run(), or before it.
  void set_defaults(const ServingDefaults& defaults);
  /// Who may come in, and files, from now on; before, everybody may, and there are none. Streams that nobody
  /// may see by the right that they were asked for with end; all others go on. The thread of run(), or
  /// before it.
  void set_access(Admission admission);
  /// Calls `report` every `interval`, from the thread of run(). Before run(), once only.
  void report_every(std::chrono::nanoseconds interval, std::function<void(const ServingProgress&)> report);
  /// How it does right now. The thread of run(), or before it.
  ServingHealth health();
  /// Serves until `stop_fd` is readable. Once only.
  void run(int stop_fd);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shmvideo::sink

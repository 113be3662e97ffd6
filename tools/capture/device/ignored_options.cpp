// SPDX-License-Identifier: Apache-2.0
#include "device/ignored_options.hpp"

#include <initializer_list>

namespace shmvideo::capture {

void warn_of_ignored_options(const CaptureOptions& options, toolkit::Log& log) {
  const DeviceKind kind = kind_of(options.device);
  const Backend backend = options.backend_in_use();
  const auto warn = [&](bool is_ignored, std::initializer_list<const char*> names, const char* why) {
    for (const char* name : names) {
      if (is_ignored && options.is_given(name)) log.warn("--{} is ignored: {}", name, why);
    }
  };
  // What a URL leads to is not known yet: it may be a recording.
  const bool is_played = backend == Backend::ffmpeg && (kind == DeviceKind::file || kind == DeviceKind::url);
  warn(!is_played, {"loop"}, "only a file has an end after which to start over");
  const bool is_module = backend == Backend::gstreamer || backend == Backend::opencv;
  warn(!is_played && kind != DeviceKind::pattern, {"fast"},
       is_module ? "this backend sets its own pace" : "what comes live sets its own pace");
  warn(kind == DeviceKind::pattern || is_module, {"copy"},
       kind == DeviceKind::pattern ? "the pattern is drawn, not coded"
                                   : "this backend's pictures are decoded");
  const bool is_copying = options.copy && !is_module && kind != DeviceKind::pattern;
  warn(is_copying, {"format"}, "with --copy frames stay as they are");
  warn(is_copying && kind != DeviceKind::camera, {"resolution"}, "with --copy frames stay as they are");
  warn(kind != DeviceKind::camera || backend != Backend::v4l2, {"exposure", "control"},
       kind == DeviceKind::camera ? "--backend v4l2 has it" : "only cameras have it");
  const bool has_buffers = backend == Backend::v4l2 || backend == Backend::opencv;
  warn(kind != DeviceKind::camera || !has_buffers, {"buffers"},
       kind == DeviceKind::camera ? "--backend v4l2 has it" : "only cameras have it");
  for (const char* name : {"resolution", "fps"}) {
    if (options.is_for_cameras(name)) {
      log.debug("--{} of the configuration is for cameras: {} keeps its own", name,
                shown_device(options.device));
    }
  }
  const bool can_reopen =
      kind == DeviceKind::camera || kind == DeviceKind::url || kind == DeviceKind::pipeline;
  warn(!can_reopen, {"reconnect", "no-reconnect", "on-loss", "max-reconnects"},
       "only cameras, URLs and pipelines can be opened again");
  warn(kind == DeviceKind::pattern || kind == DeviceKind::file, {"stall-timeout"},
       "only what comes live can stall");
}

}  // namespace shmvideo::capture

// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include "toolkit/shared_options.hpp"

namespace shmvideo::mjpeg {

void define(toolkit::Cli& cli, Options& options) {
  toolkit::add_read_segment(cli, options.segment);
  cli.option("-s,--host", options.host, "Address to listen on").metavar("ADDRESS");
  cli.number("-p,--port", options.port, 0, 65535, "Port to listen on; 0 is any free one");
  cli.number("-q,--quality", options.serving.quality, 1, 100,
             "JPEG quality for viewers that do not ask for one");
  cli.number("-f,--fps", options.serving.fps, 1, 60,
             "Frames per second for viewers that do not ask for a rate")
      .metavar("FPS");
  cli.option("--timeout", options.serving.first_picture_timeout,
             "How long a request waits for the first frame of a writer");
}

}  // namespace shmvideo::mjpeg

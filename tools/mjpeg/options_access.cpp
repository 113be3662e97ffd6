// SPDX-License-Identifier: Apache-2.0
// Who may come in, and what else a server shows: --auth-file, --allow-origin, --static.
#include <fmt/format.h>

#include "options.hpp"
#include "shmvideo/error.hpp"
#include "sink/http/access/cors.hpp"

namespace shmvideo::mjpeg {

void define_access(toolkit::Cli& cli, AccessWishes& access) {
  cli.group("Who may see it");
  cli.option("--auth-file", access.auth_file, "File of the users and tokens that are let in")
      .details(
          "shm-video-auth(5) has its lines. Nobody else sees anything then, but /healthz whether all is "
          "well. "
          "It is read again on SIGHUP: streams of those who are in it no more end, all others go on. Where "
          "it "
          "has a mistake then, or is named no more, what was in force stays.")
      .if_unset("everybody who reaches the address sees everything")
      .reloadable();
  cli.list("--allow-origin", access.origins, "Server whose pages may show the video and read answers")
      .metavar("ORIGIN")
      .details(
          "As browsers name it: https://example.org or http://10.0.0.5:8123. Its pages may use what a user "
          "has "
          "typed in for this server. With * all pages may read answers, but only with a token of their own. "
          "Showing the pictures needs none of it; reading them does.")
      .if_unset("none")
      .reloadable();
  cli.option("--static", access.static_folder, "Folder of files to serve below /static/")
      .metavar("DIR")
      .details(
          "As they are, up to 16 MiB each; of a folder its index.html. Links are not followed, and what "
          "begins "
          "with a dot is not there. With --auth-file they are for everybody who is let in.")
      .if_unset("none")
      .completion(toolkit::Completion::directory)
      .reloadable();
  cli.check([&access] {
    try {
      const sink::Cors known(access.origins);
    } catch (const Error& error) {
      throw toolkit::UsageError(fmt::format("--allow-origin: {}", error.what()));
    }
  });
}

sink::AccessOptions access_of(const Options& options) {
  const auto text = [](const auto& path) { return path ? path->string() : std::string(); };
  return {.auth_file = text(options.access.auth_file),
          .origins = options.access.origins,
          .static_folder = text(options.access.static_folder)};
}

}  // namespace shmvideo::mjpeg

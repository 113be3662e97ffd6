// SPDX-License-Identifier: Apache-2.0
#include "doorkeeper.hpp"

#include <utility>

#include "shmvideo/error.hpp"

namespace shmvideo::mjpeg {

Doorkeeper::Doorkeeper(const Options& options, sink::MjpegServer& server, toolkit::Log& log)
    : options_(access_of(options)), server_(server), log_(log) {
  try {
    admit(sink::read_admission(options_));
  } catch (const Error& error) {
    throw toolkit::UsageError(error.what());
  }
}

void Doorkeeper::admit(sink::Admission admission) {
  for (const std::string& remark : admission.remarks) log_.warn("{}", remark);
  server_.set_access(std::move(admission));
}

void Doorkeeper::follow(const Options& now) {
  sink::AccessOptions next = access_of(now);
  if (sink::asks_who_comes(options_) && !sink::asks_who_comes(next)) {
    next.auth_file = options_.auth_file;
    log_.warn("no file of users and tokens is named any more; {} counts until a restart", next.auth_file);
  }
  options_ = std::move(next);
}

void Doorkeeper::read_again() {
  try {
    sink::Admission admission = sink::read_admission(options_);
    const bool has_rules = admission.settings.rules.has_value();
    const std::size_t size = has_rules ? admission.settings.rules->size() : 0;
    admit(std::move(admission));
    if (has_rules)
      log_.info("{} read again: {} {}", options_.auth_file, size, size == 1 ? "entry" : "entries");
  } catch (const Error& error) {
    log_.error("{}; who may come in stays as it was", error.what());
  }
}

}  // namespace shmvideo::mjpeg

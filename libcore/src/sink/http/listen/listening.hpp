// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "segment/unique_fd.hpp"

namespace shmvideo::sink {

/// A socket that listens.
struct Listening {
  UniqueFd fd;
  bool is_unix = false;
  bool is_wide = false;  ///< reached from other machines than this one
  std::string place;     ///< "127.0.0.1:8000", or a unix socket's path; empty: it has none
};

/// `host` is an address or a name, port 0 any free one. Throws Error: system, when the address is taken or
/// not this machine's; invalid_argument, when it is none.
Listening listen_on_tcp(const std::string& host, std::uint16_t port);

/// One that somebody else made and passed on. Throws Error(invalid_argument) if it does not listen for
/// streams over TCP or a unix socket; `name` is what it is called there.
Listening adopt_listening(UniqueFd fd, const std::string& name);

/// A unix socket that is made, and that is removed when this goes. Move-only.
class UnixPlace {
 public:
  /// Who may write to the file may connect. One that is left of a server that is gone is replaced; one that
  /// somebody listens at, and what is no socket, is left alone. Throws Error.
  UnixPlace(const std::string& path, mode_t mode);
  ~UnixPlace();
  UnixPlace(UnixPlace&& other) noexcept;
  UnixPlace& operator=(UnixPlace&&) = delete;

  /// To be taken once.
  Listening take() noexcept { return std::move(listening_); }

 private:
  void bind_and_listen(mode_t mode);
  std::string path_;
  Listening listening_;
  dev_t device_ = 0;  // what was made there: another one is not ours to remove
  ino_t inode_ = 0;
};

}  // namespace shmvideo::sink

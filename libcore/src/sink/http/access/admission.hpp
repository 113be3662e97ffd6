// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "segment/unique_fd.hpp"
#include "sink/http/access/access_gate.hpp"

namespace shmvideo::sink {

/// How a server is told who may come in.
struct AccessOptions {
  std::string auth_file;             ///< users and tokens; empty: nobody is asked
  std::vector<std::string> origins;  ///< whose pages may read answers; see Cors
  std::string static_folder;         ///< of files to serve; empty: none
};

/// Whether those who reach the server are asked for a password or a token.
inline bool asks_who_comes(const AccessOptions& options) noexcept { return !options.auth_file.empty(); }

/// The same, read.
struct Admission {
  AccessSettings settings;
  std::shared_ptr<const UniqueFd> folder;  ///< null: no files
  std::vector<std::string> remarks;        ///< sentences about what should be otherwise
};

/// Reads the file and opens the folder. Throws Error(invalid_argument): one sentence, with no secret in it.
Admission read_admission(const AccessOptions& options);

}  // namespace shmvideo::sink

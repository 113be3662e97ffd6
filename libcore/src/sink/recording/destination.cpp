// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "shmvideo/error.hpp"
#include "sink/recording/recording_files.hpp"

namespace shmvideo::sink {
namespace {

namespace fs = std::filesystem;

void check_folder(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw Error(ErrorCode::system,
                fmt::format("cannot write '{}': there is no folder '{}'; make it first", file.string(),
                            folder.string()),
                ENOENT);
  }
  if (::access(folder.c_str(), W_OK | X_OK) == 0) return;
  const int reason = errno;
  throw Error(ErrorCode::system,
              fmt::format("cannot write '{}': {}; choose another folder than '{}'", file.string(),
                          std::strerror(reason), folder.string()),
              reason);
}

void check_file(const fs::path& file, bool overwrites) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    check_folder(file);
  } else if (S_ISDIR(status.st_mode)) {
    throw Error(ErrorCode::system, fmt::format("'{}' is a folder; name a file in it", file.string()), EISDIR);
  } else if (S_ISREG(status.st_mode) && !overwrites) {
    throw Error(ErrorCode::system,
                fmt::format("'{}' exists; choose another name, or say --overwrite", file.string()), EEXIST);
  } else if (::access(file.c_str(), W_OK) != 0) {
    const int reason = errno;
    throw Error(ErrorCode::system, fmt::format("cannot write '{}': {}", file.string(), std::strerror(reason)),
                reason);
  }
}

}  // namespace

void check_destination(const FileOptions& options) {
  if (options.is_standard_output) return;
  const bool is_numbered = info_of(options.container).is_by_number;
  check_file(is_numbered ? NumberedName(options.file).at(1) : options.file, options.overwrites);
}

}  // namespace shmvideo::sink

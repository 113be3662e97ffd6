// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/admission.hpp"

#include <utility>

#include "sink/http/access/beneath.hpp"

namespace shmvideo::sink {

Admission read_admission(const AccessOptions& options) {
  Admission admission;
  admission.settings.cors = Cors(options.origins);
  if (!options.static_folder.empty())
    admission.folder = std::make_shared<const UniqueFd>(open_folder(options.static_folder));
  if (options.auth_file.empty()) return admission;
  AccessFile file = read_access_file(options.auth_file);
  admission.settings.rules = std::move(file.rules);
  if (!file.remark.empty()) admission.remarks.push_back(std::move(file.remark));
  return admission;
}

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
// What each endpoint is there for, what it may be asked and what it answers, beside endpoints.hpp, which has
// them. The limits and defaults of parameters are those in force. What any request may meet, whatever its
// path, is not among the answers: no such segment, no right to see it, what is no request at all.
#pragma once

#include "sink/mjpeg/description/operation.hpp"
#include "sink/mjpeg/serving_defaults.hpp"

namespace shmvideo::sink {

Operation describe_root(const ServingDefaults& defaults);
/// Of every file of the page.
Operation describe_page_file(const ServingDefaults& defaults);
Operation describe_stream(const ServingDefaults& defaults);
Operation describe_picture(const ServingDefaults& defaults);
Operation describe_raw(const ServingDefaults& defaults);
Operation describe_status(const ServingDefaults& defaults);
Operation describe_state(const ServingDefaults& defaults);
Operation describe_metrics(const ServingDefaults& defaults);
Operation describe_healthz(const ServingDefaults& defaults);
Operation describe_openapi(const ServingDefaults& defaults);

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sink/http/parameter_form.hpp"
#include "sink/mjpeg/reports/json.hpp"

namespace shmvideo::sink {

/// OpenAPI's parameter object for a parameter of the query.
Json describe_parameter(const ParameterForm& form);

}  // namespace shmvideo::sink

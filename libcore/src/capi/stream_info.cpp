// SPDX-License-Identifier: Apache-2.0
#include "capi/stream_info.hpp"

#include "capi/structs.hpp"

namespace shmvideo::capi {

shmv_stream_info to_c(const StreamInfo& stream) noexcept {
  shmv_stream_info c{};
  c.struct_bytes = sizeof c;
  c.kind = stream.kind;
  c.fourcc = stream.fourcc;
  c.width = stream.width;
  c.height = stream.height;
  c.fps_numerator = stream.fps_numerator;
  c.fps_denominator = stream.fps_denominator;
  return c;
}

int from_c(const shmv_stream_info* given, StreamInfo& stream) noexcept {
  shmv_stream_info c = to_c(StreamInfo{});
  if (const int result = read_struct(given, c); result != SHMV_OK) return result;
  if (!is_zero(c.reserved))
    return fail(SHMV_ERROR_INVALID_ARGUMENT, "a stream's reserved members are not zero");
  if (c.kind != SHMV_KIND_RAW && c.kind != SHMV_KIND_CODED)
    return fail(SHMV_ERROR_INVALID_ARGUMENT, "a stream's kind is neither SHMV_KIND_RAW nor SHMV_KIND_CODED");
  stream = {c.kind, c.fourcc, c.width, c.height, c.fps_numerator, c.fps_denominator};
  return SHMV_OK;
}

}  // namespace shmvideo::capi

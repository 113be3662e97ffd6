// SPDX-License-Identifier: Apache-2.0
#include "capi/frame_info.hpp"
#include "capi/structs.hpp"
#include "shmvideo/picture.hpp"
#include "shmvideo/pixel_format.hpp"

using namespace shmvideo;

int shmv_frame_info_packed(uint32_t fourcc, uint32_t width, uint32_t height, shmv_frame_info* info) {
  const auto format = pixel_format_from_fourcc(fourcc);
  if (!format || is_coded(*format))
    return capi::fail(SHMV_ERROR_INVALID_ARGUMENT, "not the fourcc of a raw format");
  const FrameInfo packed = packed_frame_info(*format, width, height);
  if (packed.payload_bytes == 0)
    return capi::fail(SHMV_ERROR_INVALID_ARGUMENT, "a picture is between 1 and 65535 pixels wide and high");
  return capi::write_struct(capi::to_c(packed), info);
}

const char* shmv_format_name(uint32_t fourcc) {
  const auto format = pixel_format_from_fourcc(fourcc);
  // The table's names are literals, hence end with a zero.
  return format ? info_of(*format).name.data() : nullptr;
}

uint32_t shmv_format_fourcc(const char* name) {
  const auto format = name ? pixel_format_from_name(name) : std::nullopt;
  return format ? info_of(*format).fourcc : 0;
}

uint32_t shmv_format_row_bytes(uint32_t fourcc, uint32_t plane, uint32_t width) {
  const auto format = pixel_format_from_fourcc(fourcc);
  if (!format || plane >= info_of(*format).plane_count || width > SHMV_DIMENSION_MAX) return 0;
  return plane_row_bytes(*format, plane, width);
}

uint32_t shmv_format_rows(uint32_t fourcc, uint32_t plane, uint32_t height) {
  const auto format = pixel_format_from_fourcc(fourcc);
  if (!format || plane >= info_of(*format).plane_count || height > SHMV_DIMENSION_MAX) return 0;
  return plane_rows(*format, plane, height);
}

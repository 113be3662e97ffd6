// SPDX-License-Identifier: Apache-2.0
#include <new>

#include "capi/boundary.hpp"
#include "capi/frame_info.hpp"
#include "capi/handles.hpp"
#include "capi/structs.hpp"
#include "shmvideo/picture.hpp"

using namespace shmvideo;

namespace {

int fail_no_frame() noexcept { return capi::fail(SHMV_ERROR_NO_FRAME, "the handle has no frame"); }

int fail_revoked() noexcept {
  return capi::fail(SHMV_ERROR_REVOKED, "the frame was overwritten while it was in use");
}

}  // namespace

void shmv_frame::describe() noexcept { info = capi::to_c(frame.info()); }

shmv_frame* shmv_frame_new(void) { return new (std::nothrow) shmv_frame; }

void shmv_frame_free(shmv_frame* frame) { delete frame; }

const shmv_frame_info* shmv_frame_info_of(const shmv_frame* frame) {
  return frame && frame->frame ? &frame->info : nullptr;
}

const void* shmv_frame_bytes(const shmv_frame* frame) {
  return frame && frame->frame ? frame->frame.bytes().data() : nullptr;
}

int shmv_frame_plane(const shmv_frame* frame, uint32_t index, shmv_plane* plane) {
  if (!frame) return capi::fail_null();
  if (!frame->frame) return fail_no_frame();
  const auto picture = as_picture(frame->frame.info(), frame->frame.bytes());
  if (!picture)
    return capi::fail(SHMV_ERROR_INVALID_ARGUMENT, "the frame is not a raw picture, or contradicts itself");
  if (index >= info_of(picture->format).plane_count)
    return capi::fail(SHMV_ERROR_INVALID_ARGUMENT, "the format does not have that many planes");
  shmv_plane found{};
  found.stride_bytes = picture->stride[index];
  found.row_bytes = plane_row_bytes(picture->format, index, picture->width);
  found.rows = plane_rows(picture->format, index, picture->height);
  found.bytes = picture->plane[index];
  return capi::write_struct(found, plane);
}

int shmv_frame_valid(const shmv_frame* frame) {
  if (!frame) return capi::fail_null();
  if (!frame->frame) return fail_no_frame();
  return frame->frame.valid() ? SHMV_OK : fail_revoked();
}

int shmv_frame_is_held(const shmv_frame* frame) { return frame && frame->frame && frame->frame.is_held(); }

int shmv_frame_copy(const shmv_frame* frame, void* to, size_t capacity) {
  if (!frame || !to) return capi::fail_null();
  if (!frame->frame) return fail_no_frame();
  const std::size_t bytes = frame->frame.bytes().size();
  if (capacity < bytes)
    return capi::fail(SHMV_ERROR_INVALID_ARGUMENT, "the frame is larger than the memory for its copy");
  // The copy that the caller asks for.
  return frame->frame.copy_to({static_cast<std::byte*>(to), bytes}) ? SHMV_OK : fail_revoked();
}

void shmv_frame_release(shmv_frame* frame) {
  if (frame) frame->frame.release();
}

void shmv_frame_move(shmv_frame* to, shmv_frame* from) {
  if (!to || to == from) return;
  to->frame.release();
  if (!from) return;
  to->frame = std::move(from->frame);
  to->info = from->info;
}

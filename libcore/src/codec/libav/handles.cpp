// SPDX-License-Identifier: Apache-2.0
#include "codec/libav/handles.hpp"

#include <new>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/dict.h>
#include <libavutil/error.h>
#include <libavutil/frame.h>
}

namespace shmvideo::codec::libav {

void Deleter::operator()(AVCodecContext* context) const noexcept { avcodec_free_context(&context); }
void Deleter::operator()(AVFrame* frame) const noexcept { av_frame_free(&frame); }
void Deleter::operator()(AVPacket* packet) const noexcept { av_packet_free(&packet); }

Owned<AVFrame> make_frame() {
  Owned<AVFrame> frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  return frame;
}

Owned<AVPacket> make_packet() {
  Owned<AVPacket> packet(av_packet_alloc());
  if (!packet) throw std::bad_alloc();
  return packet;
}

Options::~Options() { av_dict_free(&dictionary_); }

Options& Options::set(const char* name, const std::string& value) {
  if (av_dict_set(&dictionary_, name, value.c_str(), 0) < 0) throw std::bad_alloc();
  return *this;
}

std::string error_text(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE];
  return av_strerror(code, text, sizeof text) == 0 ? text : "error " + std::to_string(code);
}

}  // namespace shmvideo::codec::libav

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

struct AVCodecContext;
struct AVDictionary;
struct AVFrame;
struct AVPacket;

/// What every use of FFmpeg's libraries needs: owners of their objects, their errors as text.
namespace shmvideo::codec::libav {

struct Deleter {
  void operator()(AVCodecContext* context) const noexcept;
  void operator()(AVFrame* frame) const noexcept;
  void operator()(AVPacket* packet) const noexcept;
};
template <typename T>
using Owned = std::unique_ptr<T, Deleter>;

// Empty ones. They throw std::bad_alloc.
Owned<AVFrame> make_frame();
Owned<AVPacket> make_packet();

/// Options for a library call, by name; what the call did not know stays in it.
class Options {
 public:
  Options() noexcept = default;
  ~Options();
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  Options& set(const char* name, const std::string& value);
  AVDictionary** get() noexcept { return &dictionary_; }

 private:
  AVDictionary* dictionary_ = nullptr;
};

/// What an AVERROR code means, in words: "Connection refused".
std::string error_text(int code);

}  // namespace shmvideo::codec::libav

// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/endpoints/raw_request.hpp"

#include <utility>

#include "sink/mjpeg/endpoints/common.hpp"
#include "sink/mjpeg/frame_tag.hpp"
#include "sink/mjpeg/viewers/multipart.hpp"

namespace shmvideo::sink {

void RawRequest::start(Serving& serving, Channel& channel, const RawWish& wish, ReplyTo reply_to) {
  const auto self = std::make_shared<RawRequest>(serving, channel, wish, std::move(reply_to));
  self->timer_.expires_after(serving.defaults.first_picture_timeout);
  // Keeps it alive until it is answered, but for the time that an encoder thread has it: see RawShelf.
  self->timer_.async_wait([self](const boost::system::error_code& error) {
    if (!error) self->answer_late();
  });
  self->submit();
}

RawRequest::RawRequest(Serving& serving, Channel& channel, const RawWish& wish, ReplyTo reply_to)
    : Viewer(Rendition{}, Pacer(1)),
      serving_(serving),
      channel_(channel),
      shelf_(*serving.raw_shelf),
      wish_(wish),
      demand_(channel.demand()),
      timer_(serving.executor),
      reply_to_(std::move(reply_to)) {
  channel_.add(*this);
}

void RawRequest::submit() {
  if (!channel_.newest().frame) {
    return channel_.await_frame([weak = weak_from_this()] {
      const auto self = weak.lock();
      if (self && self->reply_to_) self->submit();
    });
  }
  shelf_.keep(shared_from_this());
  serving_.runner.submit(*this);
}

/// Of what is to be made, when a thread is free to make it. False: it is not to be made now.
bool RawRequest::take_newest() {
  if (!reply_to_) return false;
  source_ = channel_.newest();
  if (!source_.frame) {
    submit();
    return false;
  }
  std::string reason;
  const auto form = raw_form(source_.frame->info(), wish_, reason);
  if (!form) {
    answer(error_reply(406, reason));
    return false;
  }
  form_ = *form;
  bytes_ = shelf_.take(form_.payload_bytes);
  if (bytes_) return true;
  answer(try_again_reply("too many raw frames are on their way already; try again"));
  return false;
}

bool RawRequest::prepare() {
  const auto self = shared_from_this();
  const bool is_ready = take_newest();
  if (is_ready) return true;
  source_.frame.reset();
  shelf_.drop(*this);
  return false;
}

void RawRequest::work(FrameEncoder&) noexcept {
  const FrameInfo& info = source_.frame->info();
  is_made_ = false;
  complaint_ = "out of memory for the frame";
  if (bytes_->all().size() == form_.payload_bytes) {
    is_made_ =
        make_raw(info, source_.frame->bytes().first(info.payload_bytes), form_, bytes_->all(), complaint_);
  }
  is_valid_ = source_.frame->valid();
}

void RawRequest::finish() {
  const auto self = shared_from_this();
  shelf_.drop(*this);
  source_.frame.reset();
  const auto bytes = std::exchange(bytes_, nullptr);
  if (!reply_to_) return;
  if (!is_valid_) {
    ++channel_.counters().revoked;
    return submit();
  }
  if (!is_made_) {
    ++channel_.counters().failed;
    return answer(error_reply(500, "the frame could not be given out: " + complaint_));
  }
  ++channel_.counters().raw_frames_served;
  Reply reply;
  reply.content_type =
      form_.fourcc == info_of(PixelFormat::jpeg).fourcc ? "image/jpeg" : "application/octet-stream";
  reply.shared = bytes->all();
  reply.shared_owner = bytes;
  reply.headers = frame_headers(form_) + raw_headers(form_);
  reply.etag = frame_tag(form_, "raw-" + raw_form_name(form_));
  answer(std::move(reply));
}

void RawRequest::answer_late() {
  if (!channel_.has_writer()) return answer(no_frames(channel_));
  answer(error_reply(503, "the writer of '" + channel_.name().str() + "' publishes no frames"));
}

void RawRequest::no_writer_comes() {
  if (reply_to_) answer(no_frames(channel_));
}

void RawRequest::answer(Reply reply) {
  const ReplyTo reply_to = std::exchange(reply_to_, nullptr);
  close();
  if (reply_to) reply_to(std::move(reply));
}

void RawRequest::close() {
  timer_.cancel();
  channel_.remove(*this);
  demand_ = FrameFeed::Demand();
  reply_to_ = nullptr;
}

}  // namespace shmvideo::sink

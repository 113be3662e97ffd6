// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/viewers/snapshot.hpp"

#include <utility>

#include "sink/mjpeg/frame_tag.hpp"
#include "sink/mjpeg/viewers/multipart.hpp"

namespace shmvideo::sink {

void Snapshot::start(boost::asio::any_io_executor executor, Channel& channel, const Rendition& rendition,
                     std::chrono::nanoseconds timeout, ReplyTo reply_to) {
  const auto self = std::make_shared<Snapshot>(std::move(executor), channel, rendition, std::move(reply_to));
  self->timer_.expires_after(timeout);
  self->timer_.async_wait([self](const boost::system::error_code& error) {
    if (error || !self->reply_to_) return;
    self->channel_.cancel(*self);
    self->answer_without_picture();
  });
  channel.wait(self);
}

Snapshot::Snapshot(boost::asio::any_io_executor executor, Channel& channel, const Rendition& rendition,
                   ReplyTo reply_to)
    : Viewer(rendition, Pacer(1)),
      channel_(channel),
      demand_(channel.demand()),
      timer_(std::move(executor)),
      reply_to_(std::move(reply_to)) {
  channel_.add(*this);
}

Snapshot::~Snapshot() { channel_.remove(*this); }

void Snapshot::picture_ready(const std::shared_ptr<const JpegPicture>& picture) {
  if (!reply_to_) return;
  // What streams show meanwhile is not what the camera sees.
  if (!picture->is_online) return answer_without_picture();
  ++channel_.counters().snapshots_served;
  Reply reply;
  reply.content_type = "image/jpeg";
  reply.shared = picture->bytes;
  reply.shared_owner = picture;
  reply.headers = frame_headers(picture->info);
  reply.etag = frame_tag(picture->info, form_of(rendition(), picture->info));
  answer(std::move(reply));
}

void Snapshot::answer_without_picture() {
  answer(try_again_reply(channel_.has_writer()
                             ? "the writer of '" + channel_.name().str() + "' publishes no frames"
                             : channel_.why_no_frames()));
}

void Snapshot::picture_failed(const std::string& reason) {
  if (reply_to_) answer(error_reply(500, "no picture could be made: " + reason));
}

void Snapshot::no_writer_comes() {
  if (!reply_to_) return;
  channel_.cancel(*this);
  answer(error_reply(503, channel_.why_no_frames()));
}

void Snapshot::answer(Reply reply) {
  timer_.cancel();
  const ReplyTo reply_to = std::exchange(reply_to_, nullptr);
  reply_to(std::move(reply));
}

void Snapshot::close() {
  channel_.cancel(*this);
  timer_.cancel();
  reply_to_ = nullptr;
}

}  // namespace shmvideo::sink

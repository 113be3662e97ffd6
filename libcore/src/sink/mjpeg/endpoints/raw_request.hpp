// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "sink/http/router.hpp"
#include "sink/mjpeg/channel.hpp"
#include "sink/mjpeg/endpoints/raw_form.hpp"
#include "sink/mjpeg/endpoints/raw_shelf.hpp"
#include "sink/mjpeg/pictures/task_runner.hpp"
#include "sink/mjpeg/serving.hpp"

namespace shmvideo::sink {

/// One who wants the bytes of the newest frame, or else of the first that comes.
///
/// They are copied, or converted, out of the held slot by an encoder thread, and sent from the copy. Sent
/// from the slot itself they would need its hold for as long as the client takes, and a few slow clients
/// would hold every slot of the ring against all other readers. And a hold can be taken back: the length and
/// a part of the bytes would be with the client by then, who would have to be cut off. So a hold lasts as
/// long as the copying, and what was taken back meanwhile is made again of a newer frame before the first
/// byte goes out.
///
/// A viewer as far as the channel is concerned, which ends it, but it waits for frames and not for pictures.
/// The loop's thread only, but for work().
class RawRequest final : public Viewer, public EncodeTask, public std::enable_shared_from_this<RawRequest> {
 public:
  static void start(Serving& serving, Channel& channel, const RawWish& wish, ReplyTo reply_to);
  RawRequest(Serving& serving, Channel& channel, const RawWish& wish, ReplyTo reply_to);

  bool prepare() override;
  void work(FrameEncoder& encoder) noexcept override;
  void finish() override;

  void close() override;
  void no_writer_comes() override;
  void picture_ready(const std::shared_ptr<const JpegPicture>&) override {}
  void picture_failed(const std::string&) override {}
  bool is_stream() const noexcept override { return false; }
  void take_defaults(const ServingDefaults&) noexcept override {}
  double rate(std::uint64_t) const noexcept override { return 0; }
  ViewerFacts facts(std::uint64_t) const override { return {}; }

 private:
  void submit();
  bool take_newest();
  void answer(Reply reply);
  void answer_late();

  Serving& serving_;
  Channel& channel_;
  RawShelf& shelf_;
  const RawWish wish_;
  FrameFeed::Demand demand_;
  boost::asio::steady_timer timer_;
  ReplyTo reply_to_;  // empty when it has been called, or when nobody is there to be answered

  // The encoder thread's while it works.
  FedFrame source_;
  FrameInfo form_;
  std::shared_ptr<RawShelf::Bytes> bytes_;
  std::string complaint_;
  bool is_made_ = false;
  bool is_valid_ = false;
};

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
// Part of rendition_store.cpp: what it keeps of each form.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "segment/clock.hpp"
#include "sink/mjpeg/pictures/rendition_store.hpp"
#include "sink/mjpeg/viewers/multipart.hpp"

namespace shmvideo::sink {

/// One form of the pictures: the newest one made, and those that are being made.
class RenditionStore::Entry {
 public:
  Entry(RenditionStore& store, PictureForm form)
      : store_(store), form_(form), jobs_{Job(*this), Job(*this)} {}

  PictureForm form() const noexcept { return form_; }
  bool is_forgotten() const noexcept {
    return std::ranges::all_of(jobs_, &Job::is_idle) &&
           last_wanted_serial_ + kFramesUntilForgotten < store_.newest_.serial;
  }
  bool has_picture_after(std::uint64_t serial) const noexcept {
    return picture_ && picture_->serial > serial;
  }
  /// The newest picture, for one who is due. While there is one.
  const std::shared_ptr<const JpegPicture>& hand_out() noexcept {
    ++store_.counters_.deliveries;
    if (std::exchange(handed_serial_, picture_->serial) == picture_->serial) ++store_.counters_.cache_hits;
    return picture_;
  }
  void drop_picture() noexcept { picture_.reset(); }
  /// The frame that no picture could be made of, and why.
  std::uint64_t failed_serial() const noexcept { return failed_serial_; }
  const std::string& reason() const noexcept { return reason_; }
  /// Whether the newest frame was begun already. It is not begun twice, not even if nothing came of it.
  bool has_begun_newest() const noexcept { return begun_serial_ >= store_.newest_.serial; }
  /// The newest of the frames that are being encoded; null: none is.
  const FedFrame* in_work() const noexcept {
    const FedFrame* newest = nullptr;
    for (const Job& job : jobs_) {
      if (job.is_working() && (!newest || newest->serial < job.source().serial)) newest = &job.source();
    }
    return newest;
  }

  /// Sees to it that there will be a picture of the newest frame. For JPEG frames it is there at once: the
  /// copy costs less than a thread's waking.
  void want() {
    last_wanted_serial_ = store_.newest_.serial;
    // One that has not begun yet will take the newest frame by itself.
    if (has_begun_newest() || std::ranges::any_of(jobs_, &Job::is_queued)) return;
    const auto free = std::ranges::find_if(jobs_, &Job::is_idle);
    if (free == jobs_.end()) return;
    form_.is_as_is() ? free->copy() : free->queue();
  }

 private:
  /// A form that nobody wanted for so many frames is forgotten.
  static constexpr std::uint64_t kFramesUntilForgotten = 256;

  static void describe(JpegPicture& picture, const FedFrame& source) {
    picture.serial = source.serial;
    picture.frame_ns = source.frame_ns;
    picture.info = source.info();
    picture.is_online = !source.still;
    write_part_head(picture);
  }

  /// A picture that is being made.
  class Job final : public EncodeTask {
   public:
    explicit Job(Entry& entry) noexcept : entry_(entry) {}
    bool is_idle() const noexcept { return state_ == State::idle; }
    bool is_queued() const noexcept { return state_ == State::queued; }
    bool is_working() const noexcept { return state_ == State::working; }
    const FedFrame& source() const noexcept { return source_; }

    void queue() {
      state_ = State::queued;
      entry_.store_.runner_.submit(*this);
    }
    void copy() {
      take_newest();
      making_->encode_begin_ns = making_->encode_end_ns = entry_.store_.clock_();
      status_ = copy_jpeg(*source_.frame, *making_, complaint_);
      conclude();
    }

    bool prepare() override {
      state_ = State::idle;
      if (!entry_.store_.has_taker(entry_)) return false;
      take_newest();
      return true;
    }
    void work(FrameEncoder& encoder) noexcept override {
      making_->encode_begin_ns = entry_.store_.clock_();
      status_ = encoder.encode(source_, entry_.form_, *making_, complaint_);
      making_->encode_end_ns = entry_.store_.clock_();
    }
    void finish() override {
      if (status_ == EncodeStatus::ok && !source_.still) {
        entry_.store_.stages_.capture_to_encode.add(age_ns(making_->encode_begin_ns, source_.frame_ns));
        entry_.store_.stages_.encode.add(age_ns(making_->encode_end_ns, making_->encode_begin_ns));
      }
      RenditionStore& store = entry_.store_;
      conclude();
      store.serve(0);
    }

   private:
    enum class State { idle, queued, working };

    void take_newest() {
      state_ = State::working;
      source_ = entry_.store_.newest_;
      making_ = entry_.store_.pool_.take();
      entry_.begun_serial_ = source_.serial;
    }
    void conclude() {
      state_ = State::idle;
      if (status_ == EncodeStatus::ok) describe(*making_, source_);
      entry_.take(status_, source_.serial, std::move(making_), complaint_);
      making_.reset();
      source_.drop();
    }

    Entry& entry_;
    State state_ = State::idle;
    // The encoder thread's while it works.
    FedFrame source_;
    std::shared_ptr<JpegPicture> making_;
    EncodeStatus status_ = EncodeStatus::ok;
    std::string complaint_;
  };

  void take(EncodeStatus status, std::uint64_t serial, std::shared_ptr<const JpegPicture> picture,
            const std::string& complaint) {
    ServingCounters& counters = store_.counters_;
    if (status == EncodeStatus::ok) {
      ++(form_.is_as_is() ? counters.copies : counters.encodes);
      // Two that are made at the same time may come in the wrong order.
      if (!has_picture_after(serial)) picture_ = std::move(picture);
      return;
    }
    if (status == EncodeStatus::failed) {
      failed_serial_ = std::max(failed_serial_, serial);
      reason_ = complaint;
    }
    ++(status == EncodeStatus::failed ? counters.failed : counters.revoked);
  }

  RenditionStore& store_;
  const PictureForm form_;
  std::array<Job, 2> jobs_;
  std::shared_ptr<const JpegPicture> picture_;
  std::uint64_t last_wanted_serial_ = 0;
  std::uint64_t begun_serial_ = 0;
  std::uint64_t handed_serial_ = 0;
  std::uint64_t failed_serial_ = 0;
  std::string reason_;
};

}  // namespace shmvideo::sink

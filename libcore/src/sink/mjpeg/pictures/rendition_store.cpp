// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/rendition_store.hpp"

#include <algorithm>
#include <utility>

#include "segment/clock.hpp"
#include "sink/mjpeg/viewers/multipart.hpp"

namespace shmvideo::sink {
namespace {

/// A form that nobody wanted for so many frames is forgotten.
constexpr std::uint64_t kFramesUntilForgotten = 256;

void describe(JpegPicture& picture, const FedFrame& source) {
  picture.serial = source.serial;
  picture.frame_ns = source.frame_ns;
  picture.info = source.frame->info();
  write_part_head(picture);
}

}  // namespace

/// One form of the pictures: the newest one made, and the one that is being made.
class RenditionStore::Entry final : public EncodeTask {
 public:
  Entry(RenditionStore& store, PictureForm form) : store_(store), form_(form) {}

  PictureForm form() const noexcept { return form_; }
  bool is_busy() const noexcept { return is_busy_; }
  bool is_forgotten() const noexcept {
    return !is_busy_ && last_wanted_serial_ + kFramesUntilForgotten < store_.newest_.serial;
  }
  const std::shared_ptr<const JpegPicture>& picture() const noexcept { return picture_; }
  bool has_picture_after(std::uint64_t serial) const noexcept {
    return picture_ && picture_->serial > serial;
  }
  void drop_picture() noexcept { picture_.reset(); }
  /// The frame that no picture could be made of, and why.
  std::uint64_t failed_serial() const noexcept { return failed_serial_; }
  const std::string& reason() const noexcept { return reason_; }

  /// Sees to it that there will be a picture of the newest frame. For JPEG frames it is there at once:
  /// the copy costs less than a thread's waking.
  void want() {
    last_wanted_serial_ = store_.newest_.serial;
    if (is_busy_ || spoiled_serial_ == store_.newest_.serial) return;
    if (!form_.is_as_is()) {
      is_busy_ = true;
      return store_.runner_.submit(*this);
    }
    take_newest();
    making_->encode_begin_ns = making_->encode_end_ns = monotonic_ns();
    status_ = copy_jpeg(*source_.frame, *making_, complaint_);
    conclude();
  }

  bool prepare() override {
    is_busy_ = store_.has_due_waiter(form_);
    if (is_busy_) take_newest();
    return is_busy_;
  }

  void work(FrameEncoder& encoder) noexcept override {
    making_->encode_begin_ns = monotonic_ns();
    status_ = encoder.encode(*source_.frame, form_, *making_, complaint_);
    making_->encode_end_ns = monotonic_ns();
  }

  void finish() override {
    is_busy_ = false;
    conclude();
    store_.serve(0);
  }

 private:
  void take_newest() {
    source_ = store_.newest_;
    making_ = store_.pool_.take();
  }

  void conclude() {
    ServingCounters& counters = store_.counters_;
    if (status_ == EncodeStatus::ok) {
      describe(*making_, source_);
      picture_ = making_;
      ++(form_.is_as_is() ? counters.copies : counters.encodes);
    } else {
      spoiled_serial_ = source_.serial;
      if (status_ == EncodeStatus::failed) {
        failed_serial_ = source_.serial;
        reason_ = complaint_;
      }
      ++(status_ == EncodeStatus::failed ? counters.failed : counters.revoked);
    }
    making_.reset();
    source_.frame.reset();
  }

  RenditionStore& store_;
  const PictureForm form_;
  bool is_busy_ = false;  // from submit() to finish(), or to a prepare() that declined
  std::shared_ptr<const JpegPicture> picture_;
  std::uint64_t last_wanted_serial_ = 0;
  std::uint64_t spoiled_serial_ = 0;  // tried in vain: not worth trying again
  std::uint64_t failed_serial_ = 0;
  std::string reason_;

  // The encoder thread's while it works.
  FedFrame source_;
  std::shared_ptr<JpegPicture> making_;
  EncodeStatus status_ = EncodeStatus::ok;
  std::string complaint_;
};

RenditionStore::RenditionStore(TaskRunner& runner, ServingCounters& counters, Clock clock, CheckAt check_at)
    : runner_(runner), counters_(counters), clock_(clock), check_at_(std::move(check_at)) {}
RenditionStore::~RenditionStore() = default;

void RenditionStore::feed(const FedFrame& newest) {
  newest_ = newest;
  // What was made of older frames is of no use to anybody any more.
  for (const auto& entry : entries_) entry->drop_picture();
  std::erase_if(entries_, [](const auto& entry) { return entry->is_forgotten(); });
  serve(0);
}

void RenditionStore::wait(std::shared_ptr<PictureWaiter> waiter) {
  waiters_.push_back(std::move(waiter));
  serve(waiters_.size() - 1);
}

void RenditionStore::cancel(const PictureWaiter& waiter) noexcept {
  // Not erased here, since somebody may be going through them: see serve().
  for (auto& each : waiters_) {
    if (each.get() == &waiter) each.reset();
  }
}

void RenditionStore::serve(std::size_t first) {
  if (is_serving_) {
    should_serve_again_ = true;
    return;
  }
  is_serving_ = true;
  do {
    should_serve_again_ = false;
    next_check_ns_ = kNever;
    const std::uint64_t now_ns = clock_();
    for (std::size_t i = first; i < waiters_.size(); ++i) {
      Delivery delivery;
      if (!waiters_[i] || !pick_delivery(*waiters_[i], now_ns, delivery)) continue;
      delivery.waiter = std::exchange(waiters_[i], nullptr);
      deliveries_.push_back(std::move(delivery));
    }
    std::erase(waiters_, nullptr);
    deliver();
    first = 0;
    if (next_check_ns_ != kNever) check_at_(next_check_ns_);
  } while (should_serve_again_);
  is_serving_ = false;
}

bool RenditionStore::pick_delivery(PictureWaiter& waiter, std::uint64_t now_ns, Delivery& delivery) {
  if (!newest_.frame || waiter.had_serial_ >= newest_.serial) return false;
  if (!is_due(waiter, now_ns)) {
    next_check_ns_ = std::min(next_check_ns_, waiter.pacer_.accepts_any_at());
    return false;
  }
  // A picture that is there is of the newest frame, or of the one before if that came while it was
  // being made: then it still goes out, as the next one is as much work.
  Entry& entry = entry_of(wanted_form(waiter));
  if (!entry.has_picture_after(waiter.had_serial_)) entry.want();
  if (entry.has_picture_after(waiter.had_serial_)) {
    delivery.picture = entry.picture();
    waiter.before_serial_ = waiter.had_serial_;
    waiter.before_pacer_ = waiter.pacer_;
    waiter.had_serial_ = delivery.picture->serial;
    waiter.pacer_.sent(delivery.picture->frame_ns);
    return true;
  }
  if (entry.failed_serial() <= waiter.had_serial_) return false;
  delivery.reason = entry.reason();
  waiter.had_serial_ = entry.failed_serial();
  return true;
}

void RenditionStore::deliver() {
  for (Delivery& delivery : deliveries_) {
    if (delivery.picture) {
      delivery.waiter->picture_ready(delivery.picture);
    } else {
      delivery.waiter->picture_failed(delivery.reason);
    }
  }
  deliveries_.clear();
}

bool RenditionStore::is_due(const PictureWaiter& waiter, std::uint64_t now_ns) const noexcept {
  return waiter.pacer_.accepts(newest_.frame_ns, now_ns);
}

bool RenditionStore::has_due_waiter(PictureForm form) const noexcept {
  const std::uint64_t now_ns = clock_();
  return newest_.frame && std::ranges::any_of(waiters_, [&](const auto& waiter) {
           return waiter && waiter->had_serial_ < newest_.serial && wanted_form(*waiter) == form &&
                  is_due(*waiter, now_ns);
         });
}

PictureForm RenditionStore::wanted_form(const PictureWaiter& waiter) const noexcept {
  return form_of(waiter.rendition_, newest_.frame->info());
}

RenditionStore::Entry& RenditionStore::entry_of(PictureForm form) {
  for (const auto& entry : entries_) {
    if (entry->form() == form) return *entry;
  }
  return *entries_.emplace_back(std::make_unique<Entry>(*this, form));
}

}  // namespace shmvideo::sink

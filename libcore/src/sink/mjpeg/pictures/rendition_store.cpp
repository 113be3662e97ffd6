// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/rendition_store.hpp"

#include <algorithm>
#include <utility>

#include "sink/mjpeg/pictures/rendition_entry.hpp"

namespace shmvideo::sink {

RenditionStore::RenditionStore(TaskRunner& runner, ServingCounters& counters, Clock clock, CheckAt check_at)
    : runner_(runner), counters_(counters), clock_(clock), check_at_(std::move(check_at)) {}
RenditionStore::~RenditionStore() = default;

void RenditionStore::feed(const FedFrame& newest) {
  newest_ = newest;
  if (newest.frame) ++counters_.frames_received;
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
  if (!newest_.is_there() || waiter.had_serial_ >= newest_.serial) return false;
  if (!is_due(waiter, now_ns)) {
    next_check_ns_ = std::min(next_check_ns_, waiter.pacer_.accepts_any_at());
    return false;
  }
  // A picture that is there is of the newest frame, or of the one before if that came while it was
  // being made: then it still goes out, as the next one is as much work.
  Entry& entry = entry_of(wanted_form(waiter));
  if (!entry.has_picture_after(waiter.had_serial_)) {
    const FedFrame* in_work = entry.in_work();
    if (!in_work || is_due_after(*in_work, waiter, now_ns)) entry.want();
  }
  if (entry.has_picture_after(waiter.had_serial_)) {
    delivery.picture = entry.hand_out();
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

/// Will it be due for the newest frame although it gets a picture of `in_work` first?
bool RenditionStore::is_due_after(const FedFrame& in_work, const PictureWaiter& waiter,
                                  std::uint64_t now_ns) const noexcept {
  if (waiter.had_serial_ >= in_work.serial) return is_due(waiter, now_ns);
  Pacer pacer = waiter.pacer_;
  pacer.sent(in_work.frame_ns);
  return pacer.accepts(newest_.frame_ns, now_ns);
}

/// Is there still anybody to begin the newest frame for?
bool RenditionStore::has_taker(const Entry& entry) const noexcept {
  if (!newest_.is_there() || entry.has_begun_newest()) return false;
  const std::uint64_t now_ns = clock_();
  const FedFrame* in_work = entry.in_work();
  return std::ranges::any_of(waiters_, [&](const auto& waiter) {
    return waiter && waiter->had_serial_ < newest_.serial && wanted_form(*waiter) == entry.form() &&
           is_due(*waiter, now_ns) && (!in_work || is_due_after(*in_work, *waiter, now_ns));
  });
}

PictureForm RenditionStore::wanted_form(const PictureWaiter& waiter) const noexcept {
  return form_of(waiter.rendition_, newest_.info());
}

RenditionStore::Entry& RenditionStore::entry_of(PictureForm form) {
  for (const auto& entry : entries_) {
    if (entry->form() == form) return *entry;
  }
  return *entries_.emplace_back(std::make_unique<Entry>(*this, form));
}

}  // namespace shmvideo::sink

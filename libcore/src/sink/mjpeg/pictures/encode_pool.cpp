// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/pictures/encode_pool.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "segment/clock.hpp"
#include "shmvideo/error.hpp"

namespace shmvideo::sink {

EncodePool::EncodePool(boost::asio::io_context& loop, unsigned threads)
    : thread_count_(chosen(threads)),
      free_threads_(thread_count_),
      pressure_(thread_count_),
      done_descriptor_(loop),
      done_event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  const int loops_own = ::fcntl(done_event_.get(), F_DUPFD_CLOEXEC, 0);
  if (loops_own < 0) throw Error(ErrorCode::system, "cannot make an event descriptor", errno);
  done_descriptor_.assign(loops_own);
  for (unsigned i = 0; i < thread_count_; ++i) {
    // Made here, where it may fail with a message.
    auto encoder = std::make_unique<FrameEncoder>();
    threads_.emplace_back([this, encoder = std::move(encoder)] { run_thread(*encoder); });
  }
  await_done();
}

EncodePool::~EncodePool() { stop(); }

unsigned EncodePool::chosen(unsigned threads) noexcept {
  return threads > 0 ? threads : std::clamp(std::thread::hardware_concurrency(), 1u, kThreadsMax);
}

void EncodePool::stop() {
  is_stopped_ = true;
  waiting_.clear();
  boost::system::error_code ignored;
  done_descriptor_.close(ignored);
  {
    const std::lock_guard lock(mutex_);
    should_end_ = true;
  }
  work_is_there_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void EncodePool::submit(EncodeTask& task) {
  waiting_.push_back({&task, monotonic_ns()});
  dispatch();
}

void EncodePool::dispatch() {
  while (!is_stopped_ && free_threads_ > 0 && !waiting_.empty()) {
    const Job job = waiting_.front();
    waiting_.pop_front();
    if (!job.task->prepare()) continue;
    --free_threads_;
    {
      const std::lock_guard lock(mutex_);
      prepared_.push_back(job);
    }
    work_is_there_.notify_one();
  }
}

void EncodePool::await_done() {
  done_descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                              [this](const boost::system::error_code& error) {
                                if (error || is_stopped_) return;
                                finish_done();
                                if (!is_stopped_) await_done();
                              });
}

void EncodePool::finish_done() {
  std::uint64_t count = 0;
  // Nothing to read means that another round took the tasks along already.
  [[maybe_unused]] const auto ignored = ::read(done_event_.get(), &count, sizeof count);
  finishing_.clear();
  {
    const std::lock_guard lock(mutex_);
    finishing_.swap(done_);
  }
  free_threads_ += static_cast<unsigned>(finishing_.size());
  dispatch();  // before the pictures are sent, which takes a while with many
               // viewers
  for (const Job& job : finishing_) {
    pressure_.add(job.wanted_ns, job.begun_ns, job.made_ns, monotonic_ns());
    job.task->finish();
  }
}

void EncodePool::run_thread(FrameEncoder& encoder) {
  ::pthread_setname_np(::pthread_self(),
                       "jpeg-encoder");  // for those who look with top -H
  std::unique_lock lock(mutex_);
  while (true) {
    work_is_there_.wait(lock, [this] { return should_end_ || !prepared_.empty(); });
    if (should_end_) return;
    Job job = prepared_.front();
    prepared_.pop_front();
    lock.unlock();
    job.begun_ns = monotonic_ns();
    job.task->work(encoder);
    job.made_ns = monotonic_ns();
    lock.lock();
    done_.push_back(job);
    // Told without the lock, which is the first thing that the loop takes when it wakes.
    lock.unlock();
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto ignored = ::write(done_event_.get(), &one, sizeof one);
    lock.lock();
  }
}

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/password_check.hpp"

#include <crypt.h>
#include <openssl/crypto.h>
#include <pthread.h>

#include <boost/asio/post.hpp>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

#include "sink/http/access/digest.hpp"

namespace shmvideo::sink {

bool is_password(const std::string& password, const std::string& hash) {
  const auto memory = std::make_unique<crypt_data>();
  const char* const made = ::crypt_r(password.c_str(), hash.c_str(), memory.get());
  // What failed begins with an asterisk, and no hash does.
  const bool is_right = made && made[0] != '*' && is_same(digest_of(made), digest_of(hash));
  OPENSSL_cleanse(memory.get(), sizeof *memory);
  return is_right;
}

bool PasswordCheck::submit(std::string password, std::string hash, std::function<void(bool)> then) {
  if (is_stopped_) return false;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kWaitingMax) return false;
    waiting_.push_back({std::move(password), std::move(hash), std::move(then)});
  }
  try {
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {  // as many threads as there may be
    const std::lock_guard lock(mutex_);
    waiting_.pop_back();
    return false;
  }
  news_.notify_one();
  return true;
}

void PasswordCheck::stop() {
  is_stopped_ = true;
  {
    const std::lock_guard lock(mutex_);
    should_end_ = true;
  }
  news_.notify_one();
  if (thread_.joinable()) thread_.join();
  waiting_.clear();
  done_.clear();
}

void PasswordCheck::run() {
  ::pthread_setname_np(::pthread_self(), "password-check");  // for those who look with top -H
  std::unique_lock lock(mutex_);
  while (true) {
    news_.wait(lock, [this] { return should_end_ || !waiting_.empty(); });
    if (should_end_) return;
    Job job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    job.is_right = is_password(job.password, job.hash);
    wipe(job.password);
    lock.lock();
    done_.push_back(std::move(job));
    boost::asio::post(executor_, [this] { tell(); });
  }
}

void PasswordCheck::tell() {
  while (!is_stopped_) {
    Job job;
    {
      const std::lock_guard lock(mutex_);
      if (done_.empty()) return;
      job = std::move(done_.front());
      done_.pop_front();
    }
    job.then(job.is_right);
  }
}

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/static_files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <span>
#include <utility>

#include "sink/http/access/beneath.hpp"
#include "sink/http/access/content_type.hpp"
#include "sink/http/conditional.hpp"
#include "sink/http/query.hpp"

namespace shmvideo::sink {
namespace {

constexpr std::string_view kIndex = "index.html";

Reply no_such_file() { return error_reply(404, "there is no such file"); }

/// The bytes of one file, for as long as somebody sends them.
class Bytes {
 public:
  Bytes(std::shared_ptr<std::atomic<std::size_t>> in_use, std::size_t size)
      : in_use_(std::move(in_use)), memory_(new (std::nothrow) std::byte[size]), size_(size) {
    *in_use_ += size_;
  }
  ~Bytes() { *in_use_ -= size_; }
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;
  /// Empty where there was no memory.
  std::span<std::byte> all() const noexcept { return {memory_.get(), memory_ ? size_ : 0}; }

 private:
  std::shared_ptr<std::atomic<std::size_t>> in_use_;
  std::unique_ptr<std::byte[]> memory_;
  std::size_t size_;
};

/// Up to the end of the file, which may have become shorter meanwhile.
std::size_t read_into(std::span<std::byte> memory, int file) noexcept {
  std::size_t length = 0;
  while (length < memory.size()) {
    const ssize_t count = ::read(file, memory.data() + length, memory.size() - length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    length += static_cast<std::size_t>(count);
  }
  return length;
}

/// Another one as soon as the file is changed.
std::string tag_of(const struct stat& facts) {
  return "\"" + std::to_string(facts.st_size) + "-" + std::to_string(facts.st_mtim.tv_sec) + "." +
         std::to_string(facts.st_mtim.tv_nsec) + "\"";
}

}  // namespace

std::optional<std::string> static_file_of(std::string_view path) {
  if (!path.starts_with(kStaticPath)) return std::nullopt;
  path.remove_prefix(kStaticPath.size());
  std::string file;
  while (!path.empty()) {
    const auto part = path.substr(0, path.find('/'));
    const bool is_folder = part.size() < path.size();
    path.remove_prefix(part.size() + (is_folder ? 1 : 0));
    const auto name = decode_percent(part, false);
    if (!name || name->empty() || name->front() == '.' || name->find('/') != name->npos) return std::nullopt;
    file += *name;
    if (is_folder) file += '/';
  }
  if (file.empty() || file.ends_with('/')) file += kIndex;
  return file;
}

/// One file, from its name to its answer.
class StaticFiles::Task final : public EncodeTask {
 public:
  Task(StaticFiles& files, std::string path, const Request& request)
      : files_(files),
        folder_(files.folder_),
        in_use_(files.bytes_in_use_),
        path_(std::move(path)),
        if_none_match_(request.if_none_match),
        if_modified_since_(request.if_modified_since),
        own_name_(request.target.path.substr(request.target.path.rfind('/') + 1)) {}

  void set_reply_to(ReplyTo reply_to) { reply_to_ = std::move(reply_to); }
  bool prepare() override { return true; }
  void work(FrameEncoder&) noexcept override {
    try {
      reply_ = read();
    } catch (const std::bad_alloc&) {
      reply_.status = 0;  // see finish()
    }
  }
  void finish() override {
    const ReplyTo reply_to = std::move(reply_to_);
    Reply reply = reply_.status > 0 ? std::move(reply_) : try_again_reply("there is no memory for this file");
    std::erase_if(files_.tasks_, [this](const auto& each) { return each.get() == this; });
    reply_to(std::move(reply));  // this task is gone
  }

 private:
  Reply read() const {
    const UniqueFd found = find_beneath(*folder_, path_);
    struct stat facts {};
    if (!found || ::fstat(found.get(), &facts) != 0) return no_such_file();
    if (S_ISDIR(facts.st_mode))
      return own_name_.empty() ? no_such_file() : moved_reply("./" + own_name_ + "/");
    // No device, no pipe, no link: they are not even opened.
    if (!S_ISREG(facts.st_mode)) return no_such_file();
    if (static_cast<std::size_t>(facts.st_size) > kFileBytesMax)
      return error_reply(403, "this file is larger than 16 MiB, which is the most that is served");
    Reply reply;
    reply.content_type = content_type_of(path_);
    reply.etag = tag_of(facts);
    const std::string changed = http_date(facts.st_mtim.tv_sec);
    reply.headers = "Last-Modified: " + changed + "\r\n";
    const bool is_known = if_none_match_.empty() ? if_modified_since_ == changed
                                                 : has_matching_etag(if_none_match_, reply.etag);
    if (is_known) return not_modified_reply(reply);
    return with_bytes(std::move(reply), found, static_cast<std::size_t>(facts.st_size));
  }

  Reply with_bytes(Reply reply, const UniqueFd& found, std::size_t size) const {
    const UniqueFd file = open_found(found);
    if (!file) return no_such_file();  // somebody else's
    if (*in_use_ > 0 && *in_use_ + size > kBytesInAllMax)
      return try_again_reply("too many files are on their way");
    const auto bytes = std::make_shared<Bytes>(in_use_, size);
    if (size > 0 && bytes->all().empty()) return try_again_reply("there is no memory for this file");
    reply.shared = bytes->all().first(read_into(bytes->all(), file.get()));
    reply.shared_owner = bytes;
    return reply;
  }

  StaticFiles& files_;
  const std::shared_ptr<const UniqueFd> folder_;
  const std::shared_ptr<std::atomic<std::size_t>> in_use_;
  const std::string path_;
  const std::string if_none_match_;
  const std::string if_modified_since_;
  const std::string own_name_;  // the last part of what was asked for, as it was written
  Reply reply_;
  ReplyTo reply_to_;
};

StaticFiles::StaticFiles(TaskRunner& runner) : runner_(runner) {}

StaticFiles::~StaticFiles() = default;

void StaticFiles::stop() { tasks_.clear(); }

Outcome StaticFiles::answer(const Request& request) {
  if (!folder_) return error_reply(404, "no files are served here; --static names a folder of them");
  auto path = static_file_of(request.target.path);
  if (!path) return no_such_file();
  return Later([this, task = std::make_shared<std::unique_ptr<Task>>(
                          std::make_unique<Task>(*this, std::move(*path), request))](ReplyTo reply_to) {
    Task& submitted = *tasks_.emplace_back(std::move(*task));
    submitted.set_reply_to(std::move(reply_to));
    runner_.submit(submitted);
  });
}

}  // namespace shmvideo::sink

// SPDX-License-Identifier: Apache-2.0
#include "toolkit/config/config_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <map>
#include <span>

#include "segment/unique_fd.hpp"
#include "toolkit/options/usage_error.hpp"

namespace shmvideo::toolkit {
namespace {

constexpr std::size_t kBytesMax = 1 << 20;
constexpr std::size_t kDepthMax = 64;
/// So long a pipe may say nothing. Who runs on SIGHUP waits here, and has other things to do.
constexpr int kSilenceMs = 3000;
constexpr const char* kPlaceInDirectory = "shm-video/config.json";

/// Counts lines as the parser takes characters. The parser copies it: the count is shared.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    *line_ += *at_ == '\n';
    ++at_;
    return *this;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  std::size_t* line_;
};

/// The library's complaint without what only its developers understand.
std::string complaint(const std::string& what) {
  constexpr std::string_view kOverflow = "number overflow parsing ";
  if (const auto at = what.find(kOverflow); at != what.npos)
    return what.substr(at + kOverflow.size()) + " is too large a number";
  const auto colon = what.find(": ");
  std::string text = colon == what.npos ? what : what.substr(colon + 2);
  // "syntax error while parsing value - unexpected ..., last read: '...'"
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return text;
}

/// Called by the parser for each token; makes one entry of each value that is no object.
class EntryMaker final : public nlohmann::json_sax<Json> {
 public:
  EntryMaker(const std::string& name, std::string_view text, const std::size_t& line,
             std::vector<ConfigEntry>& entries)
      : name_(name), text_(text), line_(line), entries_(entries) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t&) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override {
    if (is_in_array()) return open_in_array(Json::object());
    check_depth();
    open_.push_back({key_.size(), nullptr});
    if (open_.size() > 1) key_ += (key_.empty() ? "" : ".") + pending_;
    return true;
  }
  bool end_object() override {
    if (is_in_array()) return close_in_array();
    key_.resize(open_.back().key_bytes);
    open_.pop_back();
    return true;
  }
  bool start_array(std::size_t) override {
    if (is_in_array()) return open_in_array(Json::array());
    if (open_.empty()) refuse("the file");
    check_depth();
    ConfigEntry& entry = add(Json::array());
    open_.push_back({key_.size(), &entry.value});
    return true;
  }
  bool end_array() override {
    if (open_.back().container == nullptr) return true;
    return close_in_array();
  }
  bool key(string_t& name) override {
    pending_ = name;
    pending_line_ = line_;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    // The parser may have looked at a character more than the one that it complains of.
    const std::string_view before = text_.substr(0, position == 0 ? 0 : position - 1);
    const auto line = 1 + std::ranges::count(before, '\n');
    throw UsageError(fmt::format("{}:{}: {}", name_, line, complaint(error.what())));
  }

 private:
  struct Open {
    std::size_t key_bytes;  ///< how long the key was outside of it
    Json* container;        ///< an array, or what is in one; null for an object that is a section
  };

  bool is_in_array() const { return !open_.empty() && open_.back().container != nullptr; }

  void check_depth() const {
    if (open_.size() < kDepthMax) return;
    throw UsageError(fmt::format("{}:{}: more than {} sections in each other", name_, line_, kDepthMax));
  }
  [[noreturn]] void refuse(std::string_view what) const {
    throw UsageError(
        fmt::format("{}:{}: {} is no object; use {{\"section\": {{\"key\": value}}}}", name_, line_, what));
  }

  ConfigEntry& add(Json value) {
    ConfigEntry entry{key_ + (key_.empty() ? "" : ".") + pending_, std::move(value), pending_line_};
    const auto [known, is_new] = lines_.emplace(entry.key, entry.line);
    if (!is_new) {
      throw UsageError(
          fmt::format("{}:{}: '{}' stands in line {} already", name_, entry.line, entry.key, known->second));
    }
    return entries_.emplace_back(std::move(entry));
  }
  bool put(Json value) {
    if (open_.empty()) refuse("the file");
    if (!is_in_array())
      add(std::move(value));
    else if (Json& into = *open_.back().container; into.is_array())
      into.push_back(std::move(value));
    else
      into[pending_] = std::move(value);
    return true;
  }
  /// What is inside of an array is kept as it is: it is nobody's option.
  bool open_in_array(Json value) {
    check_depth();
    Json& into = *open_.back().container;
    Json& made = into.is_array() ? (into.push_back(std::move(value)), into.back())
                                 : (into[pending_] = std::move(value));
    open_.push_back({key_.size(), &made});
    return true;
  }
  bool close_in_array() {
    open_.pop_back();
    return true;
  }

  const std::string& name_;
  const std::string_view text_;
  const std::size_t& line_;
  std::vector<ConfigEntry>& entries_;
  std::map<std::string, std::size_t> lines_;
  std::vector<Open> open_;
  std::string key_;  // of the section
  std::string pending_;
  std::size_t pending_line_ = 1;
};

/// Nothing but white space and whole comments.
bool says_nothing(std::string_view text) {
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    const bool is_line = text.starts_with("//");
    if (!is_line && !text.starts_with("/*")) return text.empty();
    const auto end = is_line ? text.find('\n') : text.find("*/", 2);
    if (end == text.npos) return is_line;
    text.remove_prefix(end + (is_line ? 1 : 2));
  }
}

[[noreturn]] void cannot_read(const std::string& name, int reason) {
  throw UsageError(fmt::format("{}: the configuration cannot be read: {}", name, std::strerror(reason)));
}

/// What read() says, once it has something to say. A pipe, as in --config <(...), may take its time.
ssize_t read_part(const UniqueFd& descriptor, std::span<char> part, const std::string& name) {
  for (;;) {
    const ssize_t got = ::read(descriptor.get(), part.data(), part.size());
    if (got >= 0) return got;
    if (errno == EINTR) continue;
    if (errno != EAGAIN) cannot_read(name, errno);
    pollfd wanted{descriptor.get(), POLLIN, 0};
    const int ready = ::poll(&wanted, 1, kSilenceMs);
    if (ready == 0) cannot_read(name, ETIMEDOUT);
    if (ready < 0) cannot_read(name, errno);  // a signal: whoever wants to stop should not have to wait
  }
}

/// A pipe that is read once is empty ever after, on SIGHUP: that is not a configuration without keys.
bool is_pipe(const UniqueFd& descriptor) {
  struct stat status {};
  return ::fstat(descriptor.get(), &status) == 0 && S_ISFIFO(status.st_mode);
}

}  // namespace

ConfigFile ConfigFile::parse(std::string_view text, std::string name) {
  ConfigFile file;
  file.name_ = std::move(name);
  if (says_nothing(text)) return file;
  std::size_t line = 1;
  EntryMaker maker(file.name_, text, line, file.entries_);
  const CountingIterator begin(text.data(), &line);
  const CountingIterator end(text.data() + text.size(), &line);
  constexpr bool kIsWhole = true;
  constexpr bool kIgnoresComments = true;
  Json::sax_parse(begin, end, &maker, nlohmann::detail::input_format_t::json, kIsWhole, kIgnoresComments);
  return file;
}

ConfigFile ConfigFile::read(const std::filesystem::path& path) {
  const std::string name = path.string();
  if (name.empty()) throw UsageError("the configuration file's name is empty");
  // Without O_NONBLOCK, a pipe that nobody writes to would be waited for here.
  const UniqueFd descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!descriptor) cannot_read(name, errno);
  std::string text;
  std::array<char, 16384> part;
  while (const auto got = static_cast<std::size_t>(read_part(descriptor, part, name))) {
    text.append(part.data(), got);
    if (text.size() > kBytesMax) throw UsageError(name + ": more than 1 MiB is no configuration");
  }
  if (text.empty() && is_pipe(descriptor)) throw UsageError(name + ": nobody writes to this pipe");
  return parse(text, name);
}

const ConfigEntry* ConfigFile::find(std::string_view key) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const ConfigEntry& entry) { return entry.key == key; });
  return found == entries_.end() || found->value.is_null() ? nullptr : &*found;
}

std::string ConfigFile::place_of(const ConfigEntry& entry) const {
  return fmt::format("{}:{}", name_, entry.line);
}

std::optional<std::filesystem::path> usual_config_file(
    const std::function<const char*(const char*)>& get_environment) {
  namespace fs = std::filesystem;
  std::vector<fs::path> places;
  const char* own = get_environment("XDG_CONFIG_HOME");
  const char* home = get_environment("HOME");
  if (own && *own == '/')  // the XDG Base Directory Specification: what is relative is to be ignored
    places.emplace_back(fs::path(own) / kPlaceInDirectory);
  else if (home && *home)
    places.emplace_back(fs::path(home) / ".config" / kPlaceInDirectory);
  places.emplace_back(fs::path("/etc") / kPlaceInDirectory);
  for (const fs::path& place : places) {
    std::error_code reason;
    if (fs::exists(place, reason)) return place;
  }
  return std::nullopt;
}

}  // namespace shmvideo::toolkit

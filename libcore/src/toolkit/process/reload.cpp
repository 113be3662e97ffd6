// SPDX-License-Identifier: Apache-2.0
#include "toolkit/process/reload.hpp"

#include <fmt/format.h>

#include <exception>

#include "toolkit/config/config_keys.hpp"

namespace shmvideo::toolkit {
namespace {

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
  return text.empty() ? "unset" : text;
}

void append(std::string& list, const std::string& text) { list += (list.empty() ? "" : "; ") + text; }

}  // namespace

Reload::Reload(const Tool& tool, int argc, const char* const* argv, const Invocation& started, Log& log,
               Notifier& notifier)
    : tool_(tool), argc_(argc), argv_(argv), log_(log), notifier_(notifier) {
  for (const DeclaredOption& option : started.cli().options()) in_force_.push_back(option.values());
}

void Reload::handle() {
  if (!request_.take()) return;
  notifier_.reload_begins();
  log_.reopen();
  try {
    read_again();
  } catch (const std::exception& error) {
    log_.error("{}; everything stays as it was", error.what());
  }
  notifier_.reload_ends();
}

void Reload::read_again() {
  auto now = std::make_unique<Invocation>(tool_);
  now->read(argc_, argv_);
  now->assign();
  const Changes changes = compare(now->cli());
  // One that has gone from the usual places since leaves the defaults.
  if (!now->file() && changes.applied.empty() && changes.waiting.empty())
    return log_.info("SIGHUP: there is no configuration file to read again");
  if (!changes.applied.empty()) {
    log_.configure(now->common().log);
    if (apply_) apply_(now->options());
    take_over(now->cli());
    latest_ = std::move(now);
    log_.info("configuration read again: {}", changes.applied);
  } else if (changes.waiting.empty()) {
    log_.info("configuration read again: nothing changed");
  }
  if (!changes.waiting.empty()) log_.warn("this needs a restart: {}", changes.waiting);
}

Reload::Changes Reload::compare(const Cli& now) const {
  Changes changes;
  std::size_t index = 0;
  for (const DeclaredOption& option : now.options()) {
    const Values before = in_force_[index++];
    const Values values = option.values();
    if (values == before) continue;
    append(option.model.is_reloadable ? changes.applied : changes.waiting,
           fmt::format("{} {} -> {}", option.model.config_key, joined(before), joined(values)));
  }
  return changes;
}

void Reload::take_over(const Cli& now) {
  std::size_t index = 0;
  for (const DeclaredOption& option : now.options()) {
    if (option.model.is_reloadable) in_force_[index] = option.values();
    ++index;
  }
}

}  // namespace shmvideo::toolkit

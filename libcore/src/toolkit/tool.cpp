// SPDX-License-Identifier: Apache-2.0
#include "toolkit/tool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <iterator>
#include <new>

#include "shmvideo/error.hpp"
#include "shmvideo/layout.h"
#include "shmvideo/version.hpp"
#include "toolkit/config/config_keys.hpp"
#include "toolkit/options/complete.hpp"
#include "toolkit/process/invocation.hpp"
#include "toolkit/process/reload.hpp"
#include "toolkit/process/sigbus_guard.hpp"
#include "toolkit/render/render.hpp"
#include "toolkit/terminal/output.hpp"

namespace shmvideo::toolkit {
namespace {

std::string version_text(const ToolInfo& info) {
  std::string text =
      fmt::format("{} {}\nsegment format {}.{}\n", info.name, version(), SHMV_ABI_MAJOR, SHMV_ABI_MINOR);
  std::string features;
  for (const std::string& feature : info.features) features += " " + feature;
  if (!features.empty()) text += "built in:" + features + "\n";
  return text;
}

std::string generated(Generate kind, const CommandModel& model) {
  switch (kind) {
    case Generate::man:
      return render_man(model);
    case Generate::bash:
      return render_bash(model);
    case Generate::zsh:
      return render_zsh(model);
    case Generate::fish:
      return render_fish(model);
    case Generate::json:
      return render_json(model);
    case Generate::nothing:
      break;
  }
  return {};
}

ExitCode run_with_signals(const Tool& tool, int argc, const char* const* argv, const Invocation& invocation,
                          Log& log, Notifier& notifier) {
  StopRequest stop;
  Reload reload(tool, argc, argv, invocation, log, notifier);
  ToolContext context{tool.info.name, log, stop, SigbusGuard::instance(), reload, notifier};
  if (const ConfigFile* file = invocation.file()) {
    log.debug("configuration: {}", file->name());
    for (const std::string& remark : remarks_on_keys(*file, tool.info.name)) log.info("{}", remark);
  }
  const ExitCode status = tool.run(invocation.options(), context);
  notifier.stopping();
  return status;
}

/// Everything that can end a tool badly becomes one line and a status here.
ExitCode guarded(Log& log, Notifier& notifier, const std::function<ExitCode()>& work) {
  const auto tell = [&](std::string_view sentence) {
    log.last_words(sentence);
    notifier.last_words(sentence);
  };
  try {
    return work();
  } catch (const OutputClosed&) {
    return ExitCode::done;
  } catch (const UsageError& error) {
    tell(error.what());
    return ExitCode::usage;
  } catch (const Error& error) {
    tell(error.what());
    return error.code() == ErrorCode::not_found ? ExitCode::no_segment : ExitCode::failed;
  } catch (const std::bad_alloc&) {
    tell("out of memory");
  } catch (const std::exception& error) {
    tell(error.what());
  }
  return ExitCode::failed;
}

std::string config_heading(const Tool& tool, const ConfigFile* file) {
  return fmt::format("// {}: what is in force, and from where. {}\n", tool.info.name,
                     file ? "Configuration: " + file->name() : "There is no configuration file.");
}

ExitCode start(const Tool& tool, int argc, const char* const* argv, Notifier& notifier) {
  Invocation invocation(tool);
  const CommonOptions& common = invocation.common();
  invocation.read(argc, argv);
  // Asking for help works whatever else is wrong.
  if (invocation.cli().is_given("help")) {
    write_output(render_help(model_of(tool)));
    return ExitCode::done;
  }
  if (invocation.cli().is_given("version")) {
    write_output(version_text(tool.info));
    return ExitCode::done;
  }
  // So does a shell's question: a complaint would come in the middle of somebody's typing.
  if (const auto asked =
          invocation.cli().early_value("complete", [](const char*) -> const char* { return nullptr; })) {
    write_output(completion_candidates(*asked));
    return ExitCode::done;
  }
  invocation.assign();
  if (common.generate != Generate::nothing) {
    write_output(generated(common.generate, model_of(tool)));
    return ExitCode::done;
  }
  if (common.print_config) {
    write_output(render_config(invocation.cli(), config_heading(tool, invocation.file())));
    return ExitCode::done;
  }
  Log log(tool.info.name, common.log);
  return guarded(log, notifier,
                 [&] { return run_with_signals(tool, argc, argv, invocation, log, notifier); });
}

/// Where a standard stream is closed, the next file that is opened would stand in its place, and messages
/// or video would go into a segment. What is put there instead fails like a closed stream, with EBADF.
void occupy_standard_streams() noexcept {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0) continue;
    [[maybe_unused]] const int taken = ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

int run_tool(const Tool& tool, int argc, char** argv) {
  occupy_standard_streams();
  // Help that nobody reads to its end is no reason to die either: a closed output is an error of write().
  std::signal(SIGPIPE, SIG_IGN);
  Log early_log(tool.info.name);
  Notifier notifier = Notifier::from_environment();
  return static_cast<int>(guarded(early_log, notifier, [&] { return start(tool, argc, argv, notifier); }));
}

bool ToolContext::wait_for(std::chrono::nanoseconds timeout) const {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::nanoseconds kLongestTurn = std::chrono::seconds(1);
  const auto began = Clock::now();
  for (;;) {
    log.tell_overdue();
    reload.handle();  // also for who only looks in, without time to wait
    stop.is_set() ? notifier.stopping() : notifier.turn();
    const std::chrono::nanoseconds left = timeout - (Clock::now() - began);  // no sum that may overflow
    if (stop.is_set() || left.count() <= 0) return stop.is_set();
    pollfd wanted[] = {{stop.fd(), POLLIN, 0}, {reload.fd(), POLLIN, 0}};
    const auto turn = std::min(kLongestTurn, notifier.interval().value_or(kLongestTurn));
    const timespec limit{0, std::min(left, turn - std::chrono::nanoseconds(1)).count()};
    ::ppoll(wanted, std::size(wanted), &limit, nullptr);
  }
}

int ToolContext::reload_fd() const { return reload.fd(); }
void ToolContext::handle_reload() const { reload.handle(); }
void ToolContext::set_reload_handler(std::function<void(const void*)> handler) const {
  reload.on_change(std::move(handler));
}

}  // namespace shmvideo::toolkit

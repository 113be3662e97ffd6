// SPDX-License-Identifier: Apache-2.0
// What all tools' manuals say.
#include <fmt/format.h>

#include "shmvideo/version.hpp"
#include "toolkit/config/config_keys.hpp"
#include "toolkit/process/invocation.hpp"
#include "toolkit/tool.hpp"

namespace shmvideo::toolkit {
namespace {

std::vector<Note> exit_status_notes(const ToolInfo& info) {
  std::vector<Note> notes{{"0", "It did what it was asked to, or was told to stop by a signal."},
                          {"1", "It failed; one line on standard error says why."},
                          {"2", "The command line, an environment variable or the configuration is wrong."},
                          {"4", "There is no such segment, or no writer within the time allowed."}};
  notes.insert(notes.end(), info.exit_status.begin(), info.exit_status.end());
  return notes;
}

}  // namespace

CommandModel model_of(const Tool& tool) {
  const ToolInfo& info = tool.info;
  const Invocation invocation(tool);
  CommandModel model;
  model.name = info.name;
  model.version = version();
  model.about = info.about;
  model.description = info.description;
  for (const DeclaredOption& option : invocation.cli().options()) model.options.push_back(option.model);
  model.environment = {
      {"SHM_VIDEO_DIR",
       "The directory of the segments, instead of /dev/shm and the places that stand in for it."},
      {"NO_COLOR", "If it is set and not empty, messages have no colour."}};
  model.files = {{"/dev/shm",
                  "Where segments are. Where that is denied or missing: "
                  "$XDG_RUNTIME_DIR/shm-video, else /tmp/shm-video-UID."}};
  for (const char* place : {"$XDG_CONFIG_HOME/shm-video/config.json", "/etc/shm-video/config.json"}) {
    model.files.push_back({place, "The configuration, see shm-video-config(5); the first that is there."});
  }
  model.files.insert(model.files.end(), info.files.begin(), info.files.end());
  model.exit_status = exit_status_notes(info);
  model.signals = {
      {"SIGINT, SIGTERM",
       "Stop in good order, with status 0. A second one, a quarter of a second later or more, ends "
       "the process at once."},
      {"SIGHUP",
       "Read the configuration again, and open the log file again. What can be changed without "
       "dropping anybody is; the rest is told to need a restart. When the terminal is gone, stop "
       "as with SIGTERM. Where it is ignored, as after nohup(1), it stays so."},
      {"SIGPIPE", fmt::format("Is ignored; a closed standard output {}.", info.closed_output)}};
  for (const KeyWithoutEffect& known : keys_without_effect()) {
    if (known.tool == info.name)
      model.keys_without_effect.push_back({std::string(known.key), std::string(known.why)});
  }
  model.sections = info.sections;
  model.examples = info.examples;
  for (const std::string& page : info.see_also) model.see_also.push_back(page + "(1)");
  model.see_also.insert(model.see_also.end(), {"shm-video-config(5)", "shm-video(7)"});
  return model;
}

}  // namespace shmvideo::toolkit

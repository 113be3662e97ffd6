// SPDX-License-Identifier: Apache-2.0
// scheduler_explore SCENARIO [--deep] [--frames N] [--looks N] [--deviations N] [--most EXECUTIONS]
//   Explores it: 0 if all executions within its bounds were seen and none is wrong. SHMVIDEO_SCHEDULE=...
//   shows one of them.
// scheduler_explore --mutation NAME
//   Explores its scenario with one protection taken out: 0 if that is found out.
// scheduler_explore SCENARIO --weaken EFFECT:OPERATION@FUNCTION@WORD
//   The same for a place that has no name here (EFFECT: drop or relax).
// scheduler_explore --expect NAME...
//   0 if these are all scenarios and mutations.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>

#include "machine/arena.hpp"
#include "scenarios.hpp"

using namespace scheduler;

namespace {

struct Request {
  std::string scenario;
  std::string mutation;
  std::string weakened;
  std::string schedule;
  std::set<std::string> expected;
  bool is_deep = false;
  int frames = -1;
  int looks = -1;
  std::uint64_t executions_max = UINT64_MAX;
  unsigned deviations_max = UINT_MAX;
};

[[noreturn]] void refuse(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(2);
}

Request parse(int count, char** arguments) {
  Request request;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    const auto value = [&]() -> const char* {
      if (i + 1 == count) refuse(argument + " wants a value");
      return arguments[++i];
    };
    if (argument == "--deep")
      request.is_deep = true;
    else if (argument == "--frames")
      request.frames = std::atoi(value());
    else if (argument == "--looks")
      request.looks = std::atoi(value());
    else if (argument == "--most")
      request.executions_max = std::strtoull(value(), nullptr, 10);
    else if (argument == "--deviations")
      request.deviations_max = static_cast<unsigned>(std::atoi(value()));
    else if (argument == "--mutation")
      request.mutation = value();
    else if (argument == "--weaken")
      request.weakened = value();
    else if (argument == "--expect")
      while (i + 1 < count) request.expected.insert(arguments[++i]);
    else
      request.scenario = argument;
  }
  if (const char* schedule = std::getenv("SHMVIDEO_SCHEDULE")) request.schedule = schedule;
  return request;
}

const ScenarioPlan& find_scenario(const std::string& name) {
  for (const ScenarioPlan& plan : all_scenarios())
    if (plan.name == name) return plan;
  std::string names = "there is no such scenario; there are:\n";
  for (const ScenarioPlan& plan : all_scenarios()) names += "  " + plan.name + ": " + plan.what + "\n";
  refuse(names);
}

const MutationPlan& find_mutation(const std::string& name) {
  for (const MutationPlan& plan : all_mutations())
    if (plan.mutation.name == name) return plan;
  std::string names = "there is no such mutation; there are:\n";
  for (const MutationPlan& plan : all_mutations()) names += "  " + plan.mutation.name + "\n";
  refuse(names);
}

void print(const Result& result, double seconds) {
  std::printf("%" PRIu64 " executions, %" PRIu64 " cut off as repetitions, %" PRIu64 " steps, %s, %.1f s\n",
              result.executions, result.redundant, result.steps,
              result.complete            ? "all there are"
              : result.violation.empty() ? "not all"
                                         : "up to the first that fails",
              seconds);
  if (!result.complete && result.violation.empty())
    std::printf("about %.3g %% of the search\n", 100 * result.progress);
}

Mutation weakened(const std::string& text) {
  Mutation mutation;
  if (text.empty()) return mutation;
  const auto colon = text.find(':'), first = text.find('@'), second = text.find('@', first + 1);
  if (colon == std::string::npos || first == std::string::npos || second == std::string::npos)
    refuse("--weaken wants EFFECT:OPERATION@FUNCTION@WORD");
  mutation.effect = text.substr(0, colon) == "drop" ? Mutation::Effect::drop : Mutation::Effect::relax;
  mutation.operation = text.substr(colon + 1, first - colon - 1);
  mutation.site = text.substr(first + 1, second - first - 1);
  mutation.word = text.substr(second + 1);
  return mutation;
}

int check_names(const std::set<std::string>& expected) {
  std::set<std::string> there;
  for (const ScenarioPlan& plan : all_scenarios()) there.insert(plan.name);
  for (const MutationPlan& plan : all_mutations()) there.insert(plan.mutation.name);
  for (const std::string& name : there)
    if (!expected.contains(name)) std::printf("%s is run by no test\n", name.c_str());
  return there == expected ? 0 : 1;
}

/// Who is killed removes nothing: a process that nobody waits for does it then.
void remove_when_gone(const std::filesystem::path& path) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return;
  const pid_t between = ::fork();
  if (between == 0) {
    if (::setsid() < 0 || ::fork() != 0) std::_Exit(0);
    for (int fd = 0; fd <= ends[1]; ++fd)
      if (fd != ends[0]) ::close(fd);
    char nothing = 0;
    while (::read(ends[0], &nothing, 1) > 0) continue;
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
    std::_Exit(0);
  }
  // Both ends stay open here: no hole among the descriptors, of which executions close the later ones.
  if (between > 0) ::waitpid(between, nullptr, 0);
}

int explore(const Request& request, std::unique_ptr<World>& world) {
  const MutationPlan* mutated = request.mutation.empty() ? nullptr : &find_mutation(request.mutation);
  const ScenarioPlan& plan = find_scenario(mutated ? mutated->scenario : request.scenario);
  Bounds bounds = request.is_deep ? plan.deep : plan.usual;
  if (request.frames >= 0) bounds.frames = static_cast<unsigned>(request.frames);
  if (request.looks >= 0) bounds.looks = static_cast<unsigned>(request.looks);
  Machine& machine = Machine::get();
  machine.set_up([&] {
    const arena::Inside outside(false);
    world = std::make_unique<World>(plan.world);
    remove_when_gone(world->path());
  });
  Scenario scenario;
  scenario.name = plan.name;
  scenario.begin = [&] { world->begin(); };
  plan.fill(scenario, *world, bounds);
  const Mutation mutation = mutated ? mutated->mutation : weakened(request.weakened);
  std::printf("%s: %s; %u frames, %u looks\n", plan.name.c_str(), plan.what.c_str(), bounds.frames,
              bounds.looks);
  if (!request.schedule.empty()) {
    const std::string violation = machine.replay(scenario, mutation, request.schedule);
    std::printf("%s\n", violation.empty() ? "nothing is wrong" : violation.c_str());
    return violation.empty() ? 0 : 1;
  }
  const auto began = std::chrono::steady_clock::now();
  const unsigned deviations_max = std::min(request.deviations_max, bounds.deviations);
  Result result;
  // What is wrong somewhere is mostly found close to the plainest execution.
  for (unsigned most = mutated ? 1 : deviations_max; result.violation.empty();
       most = most < 3 ? most + 1 : deviations_max) {
    result = machine.explore(scenario, mutation, request.executions_max, most);
    if (most >= deviations_max) break;
  }
  print(result, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  if (!result.violation.empty()) {
    std::printf("%s\nSHMVIDEO_SCHEDULE=%s\n", result.violation.c_str(), result.schedule.c_str());
    machine.replay(scenario, mutation, result.schedule);
  }
  if (!request.weakened.empty()) std::printf("%s\n", result.is_mutation_met ? "was met" : "was not met");
  if (!mutated) return result.violation.empty() && result.complete ? 0 : 1;
  if (!result.is_mutation_met)
    std::printf("the code has no such place any more: the mutation has to be brought up to date\n");
  const bool is_found =
      result.violation.find(mutated->finding) != std::string::npos && !result.violation.empty();
  std::printf("%s\n", is_found ? "found" : "NOT FOUND");
  return is_found ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  // A machine with a state in static memory and threads that never end: no destructors.
  const Request request = parse(count, arguments);
  if (!request.expected.empty()) return check_names(request.expected);
  std::unique_ptr<World> world;
  const int status = explore(request, world);
  if (world) world->remove_files();
  std::fflush(stdout);
  std::_Exit(status);
}

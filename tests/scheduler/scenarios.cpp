// SPDX-License-Identifier: Apache-2.0
#include "scenarios.hpp"

namespace scheduler {
namespace {

using namespace shmvideo;
using Plan = Scenario::ThreadPlan;

constexpr const char* kReaderNames[] = {"reader1", "reader2"};

Plan writer(std::function<void()> body, Death death = Death::never) {
  return {"writer", 0, std::move(body), death, true};
}

/// One writer publishes, every reader looks.
void frames(Scenario& scenario, World& world, const Bounds& bounds, unsigned readers, FileOrder file_order) {
  scenario.file_order = file_order;
  scenario.threads.push_back(writer([&world, bounds] { world.publish(bounds.frames); }));
  for (unsigned i = 0; i < readers; ++i)
    scenario.threads.push_back(
        {kReaderNames[i], static_cast<int>(1 + i), [&world, bounds, i] { world.look(i, bounds.looks); }});
}

auto frames_of(unsigned readers, FileOrder file_order = FileOrder::relaxed) {
  return [=](Scenario& scenario, World& world, const Bounds& bounds) {
    frames(scenario, world, bounds, readers, file_order);
  };
}

void keeping(Scenario& scenario, World& world, const Bounds& bounds) {
  scenario.threads.push_back(writer([&world, bounds] { world.publish(bounds.frames); }));
  scenario.threads.push_back({"reader1", 1, [&world, bounds] { world.look(0, bounds.looks, true); }});
}

/// Readers that sleep until there is a frame; nobody may sleep through one, nor through the end.
/// With `asks_again`, who found a frame asks once more: wake-ups that order nothing may let one who was woken
/// by a death find a frame and not the death, and stay away with the other asleep.
auto following(unsigned readers, Death death, bool asks_again = true) {
  return [=](Scenario& scenario, World& world, const Bounds& bounds) {
    const std::uint64_t last = world.published() + bounds.frames;
    scenario.is_waking_ordered = !asks_again;
    scenario.threads.push_back(writer([&world, bounds] { world.publish(bounds.frames); }, death));
    for (unsigned i = 0; i < readers; ++i)
      scenario.threads.push_back({kReaderNames[i], static_cast<int>(1 + i), [&world, i, last, asks_again] {
                                    world.follow(i, last);
                                    if (asks_again) world.look(i, 1);
                                  }});
    scenario.quiescent = [&world] { world.check_sleepers(); };
    if (death == Death::crash)
      scenario.end = [&world, readers] {
        for (unsigned i = 0; i < readers; ++i)
          if (world.last_of(i) < world.published())
            Machine::get().report("a reader that was told of the death has not had the last frame");
      };
  };
}

void closing(Scenario& scenario, World& world, const Bounds& bounds) {
  const std::uint64_t beyond = world.published() + bounds.frames + 1;
  Plan plan = writer([&world, bounds] {
    world.publish(bounds.frames);
    world.close();
  });
  plan.must_not_block = false;  // it waits for its own attendant
  scenario.threads.push_back(plan);
  scenario.threads.push_back({"reader1", 1, [&world, beyond] { world.follow(0, beyond); }});
  scenario.quiescent = [&world] { world.check_sleepers(); };
  scenario.end = [&world] {
    if (world.last_of(0) < world.published())
      Machine::get().report("a reader was told of the end before the last frame");
  };
}

void growing(Scenario& scenario, World& world, const Bounds& bounds) {
  const std::uint64_t last = world.published() + bounds.frames + 1;
  Plan plan = writer([&world, bounds] {
    world.publish(bounds.frames);
    world.grow();
    world.publish(1);
  });
  plan.must_not_block = false;
  scenario.threads.push_back(plan);
  scenario.threads.push_back({"reader1", 1, [&world, bounds, last] {
                                if (bounds.looks)
                                  world.look(0, bounds.looks);
                                else
                                  world.follow(0, last);
                              }});
  scenario.quiescent = [&world] { world.check_sleepers(); };
}

void succeeding(Scenario& scenario, World& world, const Bounds& bounds) {
  scenario.threads.push_back(writer([&world, bounds] { world.publish(bounds.frames); }, Death::crash));
  Plan successor{"successor", 3, [&world] { world.succeed(1); }};
  successor.after_death_of = 0;
  successor.is_after_lock = true;
  scenario.threads.push_back(successor);
  // What readers see of the death itself is death.crash's; here one looks at what comes then.
  Plan reader{"reader1", 1, [&world, bounds] { world.look(0, bounds.looks); }};
  reader.after_death_of = 0;
  scenario.threads.push_back(reader);
  scenario.died = [&world] { world.unlock_name(); };
}

WorldOptions ring(std::uint32_t slots, unsigned readers = 1) {
  WorldOptions options;
  options.slots = options.frames_before = slots;
  options.readers = readers;
  return options;
}

WorldOptions observed(std::uint32_t slots) {
  WorldOptions options = ring(slots);
  options.grade = Grade::observe;
  return options;
}

WorldOptions newest(std::uint32_t slots) {
  WorldOptions options = ring(slots);
  options.order = shmvideo::Order::newest;
  options.start = Start::newest;
  return options;
}

WorldOptions waited_for(unsigned readers, bool changes_files = false) {
  WorldOptions options = ring(3, readers);
  options.models_waking = true;
  options.changes_files = changes_files;
  options.order = shmvideo::Order::newest;
  options.start = Start::newest;
  // Where generations change it is not about holds.
  if (changes_files) options.grade = Grade::observe;
  return options;
}

WorldOptions expected_by(unsigned readers) {
  WorldOptions options = waited_for(readers);
  options.has_rhythm = true;
  return options;
}

}  // namespace

const std::vector<ScenarioPlan>& all_scenarios() {
  static const std::vector<ScenarioPlan> plans{
      {"frames.hold",
       "a reader that holds, three slots, oldest frames first",
       ring(3),
       {2, 1},
       {2, 2},
       frames_of(1)},
      {"frames.newest", "a reader that takes the newest frame", newest(3), {2, 1}, {3, 2}, frames_of(1)},
      {"frames.two_slots",
       "the smallest ring: who holds is asked to give back",
       ring(2),
       {2, 1},
       {3, 1},
       frames_of(1)},
      {"frames.two_readers", "two readers that hold", ring(3, 2), {1, 1}, {2, 1}, frames_of(2)},
      {"frames.observe", "a reader that does not hold", observed(2), {3, 2}, {4, 2}, frames_of(1)},
      {"frames.keep",
       "a reader that keeps what it has, until all slots are held",
       ring(2),
       {2, 1},
       {3, 2},
       keeping},
      {"frames.coherent",
       "as frames.hold, system calls see each other at once",
       ring(3),
       {2, 1},
       {2, 1},
       frames_of(1, FileOrder::coherent)},
      {"frames.fenced",
       "as frames.hold, system calls are full fences",
       ring(3),
       {2, 1},
       {2, 1},
       frames_of(1, FileOrder::fenced)},
      {"waiting.one", "a reader that sleeps", waited_for(1), {1, 0}, {2, 0}, following(1, Death::never)},
      {"waiting.again",
       "a reader that sleeps for two frames: the hold of one becomes that of the next",
       waited_for(1),
       {2, 0, 5},
       {2, 0},
       following(1, Death::never)},
      {"waiting.expected",
       "a reader that knows when the next frame is due, and sleeps on that word alone",
       expected_by(1),
       {1, 0},
       {2, 0},
       following(1, Death::never)},
      {"waiting.two", "two readers that sleep", waited_for(2), {1, 0}, {2, 0}, following(2, Death::never)},
      {"death.crash",
       "the publishing thread ends anywhere",
       waited_for(1),
       {1, 0},
       {2, 0},
       following(1, Death::crash)},
      {"death.overdue",
       "a reader that learns of the death when the next frame is late",
       expected_by(1),
       {1, 0},
       {2, 0},
       following(1, Death::crash)},
      {"death.killed",
       "the process is marked dead while its thread still runs",
       waited_for(1),
       {1, 0, 4},
       {1, 0},
       following(1, Death::killed)},
      {"death.two",
       "the kernel wakes one of two sleepers",
       waited_for(2),
       {1, 0, 3},
       {1, 0, 4},
       following(2, Death::crash)},
      {"death.told",
       "who is woken by a death tells the other before he goes on; wake-ups order what was done before",
       waited_for(2),
       {1, 0, 3},
       {1, 0, 4},
       following(2, Death::crash, false)},
      {"restart.close", "a clean end is no death", waited_for(1, true), {0, 0}, {1, 0}, closing},
      {"restart.grow",
       "a new generation of the same writer, and a reader that sleeps",
       waited_for(1, true),
       {0, 0, 3},
       {1, 0, 3},
       growing},
      {"restart.grow_seen",
       "a new generation of the same writer, and a reader that looks",
       waited_for(1, true),
       {1, 1},
       {1, 2},
       growing},
      {"restart.number",
       "a writer that dies anywhere, and where its successor goes on",
       waited_for(1, true),
       {1, 0},
       {2, 0},
       succeeding},
      {"restart.succeed",
       "a writer that dies anywhere, its successor, and a reader that looks",
       waited_for(1, true),
       {1, 1, 3},
       {1, 1, 4},
       succeeding},
  };
  return plans;
}

}  // namespace scheduler

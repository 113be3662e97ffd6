// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <climits>
#include <functional>
#include <string>
#include <vector>

#include "machine/machine.hpp"
#include "world.hpp"

namespace scheduler {

/// How much of a scenario is explored.
struct Bounds {
  unsigned frames = 2;  ///< published while readers look
  unsigned looks = 1;   ///< of each reader
  /// How often an execution may deviate: one thread goes on though the last one could, or a load finds
  /// another than the newest store.
  unsigned deviations = UINT_MAX;
};

struct ScenarioPlan {
  std::string name;
  std::string what;  ///< for people
  WorldOptions world;
  Bounds usual;
  Bounds deep;  ///< for a run by hand
  std::function<void(Scenario&, World&, const Bounds&)> fill;
};

const std::vector<ScenarioPlan>& all_scenarios();

struct MutationPlan {
  Mutation mutation;
  std::string scenario;  ///< in which it is found out
  std::string finding;   ///< part of what is then said
};

const std::vector<MutationPlan>& all_mutations();

}  // namespace scheduler

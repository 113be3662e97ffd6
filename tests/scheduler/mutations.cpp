// SPDX-License-Identifier: Apache-2.0
#include "scenarios.hpp"

namespace scheduler {

const std::vector<MutationPlan>& all_mutations() {
  using Effect = Mutation::Effect;
  const auto torn = "of another";
  static const std::vector<MutationPlan> plans{
      // The four fences of the frame protocol.
      {{"claim_without_fence", Effect::drop, "fence_seq_cst", "Publisher::try_claim(", ""},
       "frames.hold",
       "held"},
      {{"writing_without_fence", Effect::drop, "fence_seq_cst", "Publisher::start_writing(", ""},
       "frames.hold",
       torn},
      {{"hold_without_fence", Effect::drop, "fence_seq_cst", "::hold(", ""}, "frames.hold", "held"},
      {{"check_without_fence", Effect::drop, "fence_acquire", "::is_intact(", ""}, "frames.hold", torn},
      // What the fences are there for.
      {{"no_second_look", Effect::no_second_look, "fence_seq_cst", "Publisher::try_claim(", ""},
       "frames.hold",
       "held"},
      {{"claimed_is_good_enough", Effect::claimed_is_stable, "load_acquire", "::hold(", "sequence"},
       "frames.hold",
       "held"},
      {{"published_without_release", Effect::relax, "store_release", "Publisher::publish(", ""},
       "frames.newest",
       "torn frame"},
      {{"found_without_acquire", Effect::relax, "load_acquire", "shmvideo::ring::", ""},
       "frames.observe",
       torn},
      // Sleeping and waking.
      {{"wake_forgotten", Effect::no_wake, "", "", ""}, "waiting.one", "sleeps"},
      {{"notified_without_release", Effect::relax, "fetch_add", "Publisher::publish(", "notify"},
       "waiting.one",
       "sleeps"},
      {{"words_without_acquire", Effect::relax, "load_acquire", "WakeWords::of(", "notify"},
       "waiting.one",
       "sleeps"},
      // Ends and beginnings.
      {{"death_not_marked", Effect::no_mark, "", "", ""}, "death.crash", "sleeps on"},
      {{"owner_without_acquire", Effect::relax, "load_acquire", "Generation::fate(", "owner"},
       "restart.close",
       "died"},
      {{"death_taken_late", Effect::death_unseen, "load_acquire", "WakeWords::of(", "owner"},
       "death.told",
       "sleeps on"},
      {{"superseded_without_state", Effect::drop, "store_release", "announce(", "state"},
       "restart.grow",
       "sleeps"},
      {{"superseded_without_release", Effect::relax, "fetch_add", "notify_readers(", "notify"},
       "restart.grow",
       "sleeps"},
      {{"latest_of_the_old_mapping", Effect::first_generation, "", "shmvideo::ring::latest(", ""},
       "restart.grow",
       "sleeps"},
      {{"frame_of_the_old_mapping", Effect::first_generation, "", "shmvideo::ring::acquire(", ""},
       "restart.succeed",
       torn},
      {{"found_before_it_is_whole", Effect::unordered_names, "", "", ""}, "restart.grow", "in vain"},
      {{"predecessor_not_read", Effect::stale_predecessor, "", "", ""}, "restart.succeed", "goes on behind"},
  };
  return plans;
}

}  // namespace scheduler

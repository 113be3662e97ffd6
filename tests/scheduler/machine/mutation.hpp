// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace scheduler {

/// A protection that is taken out of the code under test, without touching its source: the machine does one
/// operation at one place otherwise. A place is named by a part of the function's signature.
struct Mutation {
  enum class Effect {
    none,
    drop,               ///< a fence or a store that is not there
    relax,              ///< an access without its order
    claimed_is_stable,  ///< a load that takes "claimed" for "stable"
    no_second_look,     ///< a read of NAME.readers behind a fence at the place repeats the one before
    no_wake,            ///< wake-ups that are forgotten
    death_unseen,       ///< a load that finds the owner alive
    unordered_names,    ///< who finds a name has not seen what was done before it was given
    first_generation,   ///< a load from a mapping of the first generation, whichever was meant
    no_mark,            ///< a death that the kernel is not asked to tell of
    stale_predecessor,  ///< the newest number, read by a system call, is that of the beginning
  };
  std::string name;
  Effect effect = Effect::none;
  std::string operation;  ///< the function of shared_memory_access.hpp
  std::string site;
  std::string word;  ///< part of the location's name, or empty

  bool is_at(const char* an_operation, const char* a_site) const {
    return effect != Effect::none && (operation == an_operation || effect == Effect::first_generation) &&
           std::string_view(a_site).find(site) != std::string_view::npos;
  }
};

}  // namespace scheduler

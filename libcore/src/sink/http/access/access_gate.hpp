// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "sink/events.hpp"
#include "sink/http/access/access_rules.hpp"
#include "sink/http/access/attempts.hpp"
#include "sink/http/access/cors.hpp"
#include "sink/http/access/credentials.hpp"
#include "sink/http/access/gate.hpp"
#include "sink/http/access/password_check.hpp"
#include "sink/http/access/verdicts.hpp"

namespace shmvideo::sink {

/// Who may come in, and which pages of other servers may read what they are answered.
struct AccessSettings {
  std::optional<AccessRules> rules;  ///< none: nobody is asked, everybody may see everything
  Cors cors;
};

/// The gate of a server: asks for a token or a password where there are rules, and sees to it that nobody
/// learns by other ways what is behind: without a right answer each path is like any other. A token is
/// compared at once; a password is checked once in a thread of its own and then known. Guesses are counted by
/// address, the same one again being none, and limited (see Attempts). The loop's thread only.
class AccessGate final : public Gate {
 public:
  /// Tells the segment that a request is for if its path names none; empty: none.
  using UsualSegment = std::function<std::string(const Request&)>;

  AccessGate(boost::asio::any_io_executor executor, UsualSegment usual_segment, EventLog log)
      : usual_segment_(std::move(usual_segment)), log_(std::move(log)), check_(std::move(executor)) {}

  /// For all requests from now on.
  void set(AccessSettings settings);
  /// Whether somebody who was let in before may go on seeing that segment.
  bool may_stay(const Access& access, std::string_view segment) const;
  std::optional<Refusal> refuse(Request& request, Audience audience) override;
  /// Answers no more that wait.
  void stop();

 private:
  using Identity = std::variant<Access, Reply, NotYet>;
  Identity identify(const Request& request);
  Identity identify_user(const Credentials& given, const Digest& known_by, const std::string& guesser);
  std::optional<Reply> judge(const Request& request, Audience audience) const;
  Reply too_many(const std::string& guesser) const;
  void wrong(const Digest& known_by, const std::string& guesser, const char* what);
  void checked(const Digest& known_by, const std::string& guesser, const Access& access, bool is_right);

  UsualSegment usual_segment_;
  EventLog log_;
  AccessSettings settings_;
  std::uint64_t generation_ = 0;  // of the settings
  KeyedDigest key_;
  Attempts attempts_;
  Verdicts<Access> right_{256};
  Verdicts<std::monostate> wrong_{4096};
  std::unordered_map<Digest, std::vector<std::function<void()>>, DigestHash> waiting_;
  PasswordCheck check_;
};

}  // namespace shmvideo::sink

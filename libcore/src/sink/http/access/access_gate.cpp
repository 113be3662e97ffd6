// SPDX-License-Identifier: Apache-2.0
#include "sink/http/access/access_gate.hpp"

#include <utility>

#include "segment/clock.hpp"

namespace shmvideo::sink {
namespace {

/// What browsers ask their users by; and for programs.
constexpr std::string_view kChallenge =
    "WWW-Authenticate: Basic realm=\"shm-video\", charset=\"UTF-8\"\r\n"
    "WWW-Authenticate: Bearer realm=\"shm-video\"\r\n";

Reply who_are_you() {
  Reply reply = error_reply(401, "this needs a user's name and password, or a token, that is right");
  reply.headers = kChallenge;
  return reply;
}

/// The same whether the thing is there or not.
Reply not_for(const Access& access) {
  return error_reply(403, access.segment.empty()
                              ? "this is for the role admin, and you have the role viewer"
                              : "this is not for you; what you may see is below /s/" + access.segment + "/");
}

Digest known_by(const KeyedDigest& key, const Credentials& given) {
  std::string text;
  text.append(given.kind == Credentials::Kind::basic ? "basic" : "bearer").push_back('\0');
  text.append(given.user).push_back('\0');
  text.append(given.secret);
  const Digest digest = key.of(text);
  wipe(text);
  return digest;
}

}  // namespace

void AccessGate::set(AccessSettings settings) {
  settings_ = std::move(settings);
  ++generation_;
  right_.clear();
  wrong_.clear();
}

void AccessGate::stop() {
  check_.stop();
  waiting_.clear();
}

bool AccessGate::may_stay(const Access& access, std::string_view segment) const {
  if (!settings_.rules) return true;
  const auto now = settings_.rules->find_right(access.right);
  return now && now->may_see(segment);
}

std::optional<Refusal> AccessGate::refuse(Request& request, Audience audience) {
  request.answer_headers = settings_.cors.headers(request.origin);
  if (auto answer = settings_.cors.preflight(request)) return std::move(*answer);
  if (!settings_.rules) {
    request.access = Access::to_everything();
    return std::nullopt;
  }
  Identity identity = identify(request);
  if (auto* later = std::get_if<NotYet>(&identity)) return std::move(*later);
  wipe(request.authorization);
  if (auto* reply = std::get_if<Reply>(&identity)) return std::move(*reply);
  request.access = std::get<Access>(std::move(identity));
  if (auto refusal = judge(request, audience)) return std::move(*refusal);
  return std::nullopt;
}

/// Whether one who is known, or says nothing, may have this.
std::optional<Reply> AccessGate::judge(const Request& request, Audience audience) const {
  const Access& access = request.access;
  const bool names_segment = !request.segment.empty();
  // Whether a segment is there is nobody's business.
  if (audience == Audience::anyone && !names_segment) return std::nullopt;
  if (access.role == Role::none) return who_are_you();
  if (access.is_admin() || (audience == Audience::member && !names_segment)) return std::nullopt;
  if (audience == Audience::admin) return not_for(access);
  if (access.may_see(names_segment ? request.segment : usual_segment_(request))) return std::nullopt;
  return not_for(access);
}

AccessGate::Identity AccessGate::identify(const Request& request) {
  Credentials given = parse_authorization(request.authorization);
  if (given.kind == Credentials::Kind::none) return Access{};
  if (given.kind == Credentials::Kind::malformed) return who_are_you();
  // Tokens are too long to be guessed: they are looked at however many wrong ones came.
  if (auto access = settings_.rules->find_token(digest_of(given.secret))) return *access;
  const Digest digest = known_by(key_, given);
  if (wrong_.find(digest)) return who_are_you();
  const std::string guesser = guesser_of(request.peer);
  // Passwords are not, and what is known to be right could be guessed like any other.
  if (!attempts_.is_left(guesser, monotonic_ns()) && !waiting_.contains(digest)) return too_many(guesser);
  if (const Access* known = right_.find(digest)) return *known;
  if (given.kind == Credentials::Kind::basic) return identify_user(given, digest, guesser);
  attempts_.take(guesser, monotonic_ns());
  wrong(digest, guesser, "token");
  return who_are_you();
}

AccessGate::Identity AccessGate::identify_user(const Credentials& given, const Digest& known_by,
                                               const std::string& guesser) {
  const AccessRules::User* const user = settings_.rules->find_user(digest_of(given.user));
  if (!waiting_.contains(known_by)) {
    attempts_.take(guesser, monotonic_ns());  // given back if it is right
    if (!user) {
      wrong(known_by, guesser, "password");
      return who_are_you();
    }
    const bool is_taken = check_.submit(
        given.secret, user->hash,
        [this, known_by, guesser, access = user->access, generation = generation_](bool is_right) {
          if (generation == generation_) {
            checked(known_by, guesser, access, is_right);
          } else {
            attempts_.give_back(guesser, monotonic_ns());  // who may come in has changed: once more
          }
          // Taken out first: those who are asked again may wait again.
          const auto waited = waiting_.extract(known_by);
          for (const auto& again : waited.mapped()) again();
        });
    if (!is_taken) {
      attempts_.give_back(guesser, monotonic_ns());
      return try_again_reply("too many passwords are being checked");
    }
    waiting_[known_by];
  }
  return NotYet(
      [this, known_by](std::function<void()> again) { waiting_[known_by].push_back(std::move(again)); });
}

void AccessGate::checked(const Digest& known_by, const std::string& guesser, const Access& access,
                         bool is_right) {
  if (!is_right || access.role == Role::none) return wrong(known_by, guesser, "password");
  attempts_.give_back(guesser, monotonic_ns());
  right_.keep(known_by, access);
}

void AccessGate::wrong(const Digest& known_by, const std::string& guesser, const char* what) {
  wrong_.keep(known_by, {});
  std::string sentence = guesser + " gave a wrong " + what;
  // Nothing of what was given: people type passwords where names belong.
  if (!attempts_.is_left(guesser, monotonic_ns()))
    sentence += "; only one in 6 s is looked at from there now";
  log_(EventLevel::warn, sentence);
}

Reply AccessGate::too_many(const std::string& guesser) const {
  Reply reply = error_reply(429, "there were too many wrong tokens or passwords from your address");
  const auto pause = attempts_.pause(guesser, monotonic_ns());
  reply.headers = "Retry-After: " + std::to_string(pause.count()) + "\r\n";
  return reply;
}

}  // namespace shmvideo::sink

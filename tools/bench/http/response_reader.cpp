// SPDX-License-Identifier: Apache-2.0
#include "http/response_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace shmvideo::bench::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;

constexpr std::uint32_t kHeadMax = 16 * 1024;

/// A body for Beast's parser that is not kept, but given on as it comes.
struct PassedBody {
  struct value_type {
    PartReader* parts = nullptr;
    PartSink* sink = nullptr;
  };
  class reader {
   public:
    template <bool is_request, class Fields>
    reader(beast::http::header<is_request, Fields>&, value_type& to) : to_(to) {}
    void init(const boost::optional<std::uint64_t>&, error_code& error) { error = {}; }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, error_code& error) {
      error = {};
      std::size_t taken = 0;
      for (const boost::asio::const_buffer bytes : beast::buffers_range_ref(buffers)) {
        const std::string_view text(static_cast<const char*>(bytes.data()), bytes.size());
        if (!to_.parts->feed(text, *to_.sink)) error = beast::http::error::bad_value;
        taken += bytes.size();
      }
      return taken;
    }
    void finish(error_code& error) { error = {}; }

   private:
    value_type& to_;
  };
};

/// The boundary that a Content-Type names; nothing if it is none of a stream of parts.
std::optional<std::string> boundary_of(std::string_view type) {
  constexpr std::string_view kMultipart = "multipart/";
  if (!beast::iequals({type.data(), std::min(type.size(), kMultipart.size())},
                      {kMultipart.data(), kMultipart.size()})) {
    return std::nullopt;
  }
  const auto parameters = std::min(type.find(';'), type.size());
  for (const auto& [name, value] :
       beast::http::param_list({type.data() + parameters, type.size() - parameters})) {
    if (beast::iequals(name, "boundary")) return std::string(value);
  }
  return std::string();  // the first line tells
}

}  // namespace

struct ResponseReader::Framing {
  beast::http::response_parser<PassedBody> parser;
  std::string pending;  // came before, and was too little to be understood

  Framing() {
    parser.header_limit(kHeadMax);
    parser.body_limit(boost::none);
  }
};

ResponseReader::ResponseReader(bool is_bare, bool keep_pictures) : keeps_pictures_(keep_pictures) {
  if (is_bare) {
    parts_ = std::make_unique<PartReader>("", keep_pictures);
    is_direct_ = true;
  } else {
    framing_ = std::make_unique<Framing>();
  }
}

ResponseReader::~ResponseReader() = default;

bool ResponseReader::feed(std::string_view bytes, PartSink& sink) {
  if (problem_ != Problem::none) return false;
  if (!is_direct_) return feed_framing(bytes, sink);
  parts_->feed(bytes, sink);
  return check_parts();
}

bool ResponseReader::feed_framing(std::string_view bytes, PartSink& sink) {
  auto& [parser, pending] = *framing_;
  std::string joined;
  if (!pending.empty()) {
    joined = std::move(pending) + std::string(bytes);  // a head or a chunk's that came in pieces
    bytes = joined;
    pending.clear();
  }
  parser.get().body() = {parts_.get(), &sink};
  while (!bytes.empty() && !parser.is_done()) {
    error_code error;
    const std::size_t taken = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    bytes.remove_prefix(taken);
    if (parts_ && !check_parts()) return false;
    if (error == beast::http::error::need_more) {
      if (bytes.size() > kHeadMax) return fail(Problem::malformed, "the head of a chunk has no end");
      pending = bytes;
      return true;
    }
    if (error) return fail(Problem::malformed, "the answer is no HTTP: " + error.message());
    if (parser.is_header_done() && !parts_) {
      if (!begin_stream()) return false;
      if (is_direct_) {
        parts_->feed(bytes, sink);
        framing_.reset();
        return check_parts();
      }
      parser.eager(true);
      parser.get().body() = {parts_.get(), &sink};
    }
  }
  if (parser.is_done()) return fail(Problem::ended, "the server ended the stream");
  return true;
}

bool ResponseReader::begin_stream() {
  const auto& parser = framing_->parser;
  const auto& head = parser.get();
  if (head.result_int() != 200) {
    const std::string reason(head.reason());
    return fail(Problem::status, std::to_string(head.result_int()) + (reason.empty() ? "" : " " + reason));
  }
  const std::string type(head[beast::http::field::content_type]);
  auto boundary = boundary_of(type);
  if (!boundary) {
    return fail(Problem::malformed, "the answer is no stream but of the type '" + type.substr(0, 80) + "'");
  }
  parts_ = std::make_unique<PartReader>(std::move(*boundary), keeps_pictures_);
  is_direct_ = !parser.chunked() && !parser.content_length();
  return true;
}

bool ResponseReader::check_parts() {
  if (!parts_->problem().empty()) return fail(Problem::malformed, parts_->problem());
  return !parts_->is_ended() || fail(Problem::ended, "the server ended the stream");
}

bool ResponseReader::fail(Problem problem, std::string text) {
  problem_ = problem;
  problem_text_ = std::move(text);
  return false;
}

}  // namespace shmvideo::bench::http

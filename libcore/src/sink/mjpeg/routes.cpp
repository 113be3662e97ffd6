// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/routes.hpp"

#include "sink/mjpeg/endpoints/endpoints.hpp"

namespace shmvideo::sink {
namespace {

constexpr auto kAlias = Router::Kind::alias;
constexpr auto kViewer = Audience::viewer;
constexpr auto kAnyone = Audience::anyone;
constexpr auto kAdmin = Audience::admin;

/// The seeds' names come first, then those that fingers know from other servers.
constexpr ServedPath kPaths[] = {
    {"/", root},
    {"/stream/video", stream},
    {"/stream/video/shm", stream},
    {"/stream/video/frame", picture},
    {"/stream/video/shm/frame", picture},
    {"/stream/video/raw", raw},
    {"/stream/video/shm/raw", raw},
    {"/stream/video/status", status},
    {"/state", state, kAdmin},
    {"/metrics", metrics, kAdmin},
    {"/healthz", healthz, kAnyone},
    {"/stream", stream, kViewer, kAlias},
    {"/stream.mjpg", stream, kViewer, kAlias},
    {"/snapshot", picture, kViewer, kAlias},
    {"/snapshot.jpg", picture, kViewer, kAlias},
};

}  // namespace

std::span<const ServedPath> served_paths() noexcept { return kPaths; }

void add_routes(Router& router, Serving& serving) {
  for (const ServedPath& each : kPaths) {
    router.add(
        each.path, Router::Scope::segment, each.kind, each.audience,
        [endpoint = each.endpoint, &serving](const Request& request) { return endpoint(serving, request); });
  }
}

}  // namespace shmvideo::sink

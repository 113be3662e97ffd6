// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/routes.hpp"

#include "sink/mjpeg/description/operations.hpp"
#include "sink/mjpeg/endpoints/endpoints.hpp"
#include "sink/mjpeg/page/page.hpp"

namespace shmvideo::sink {
namespace {

constexpr auto kAlias = Router::Kind::alias;
constexpr auto kViewer = Audience::viewer;
constexpr auto kAnyone = Audience::anyone;
constexpr auto kAdmin = Audience::admin;

/// The seeds' names come first, then those that fingers know from other servers.
constexpr ServedPath kPaths[] = {
    {"/", root, describe_root},
    {"/stream/video", stream, describe_stream},
    {"/stream/video/shm", stream, describe_stream},
    {"/stream/video/frame", picture, describe_picture},
    {"/stream/video/shm/frame", picture, describe_picture},
    {"/stream/video/raw", raw, describe_raw},
    {"/stream/video/shm/raw", raw, describe_raw},
    {"/stream/video/status", status, describe_status},
    {"/state", state, describe_state, kAdmin},
    {"/metrics", metrics, describe_metrics, kAdmin},
    {"/healthz", healthz, describe_healthz, kAnyone},
    {"/openapi.json", openapi, describe_openapi, Audience::member},
    {"/stream", stream, describe_stream, kViewer, kAlias},
    {"/stream.mjpg", stream, describe_stream, kViewer, kAlias},
    {"/snapshot", picture, describe_picture, kViewer, kAlias},
    {"/snapshot.jpg", picture, describe_picture, kViewer, kAlias},
};

}  // namespace

std::span<const ServedPath> served_paths() noexcept { return kPaths; }

void add_routes(Router& router, Serving& serving) {
  for (const ServedPath& each : kPaths) {
    router.add(
        each.path, Router::Scope::segment, each.kind, each.audience,
        [endpoint = each.endpoint, &serving](const Request& request) { return endpoint(serving, request); });
  }
  router.add(kPageFolder, Router::Scope::segment, kAlias, Audience::member, page_file_reply);
  if (!serving.files) return;
  // Of no segment, and for everybody who may see one; those who put files there know where they are.
  router.add(kStaticPath, Router::Scope::server, kAlias, Audience::member,
             [&files = *serving.files](const Request& request) { return files.answer(request); });
}

}  // namespace shmvideo::sink

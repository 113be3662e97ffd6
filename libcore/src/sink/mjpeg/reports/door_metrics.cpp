// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/reports/door_metrics.hpp"

#include <utility>

namespace shmvideo::sink {

void add_door(std::vector<metrics::Family>& families, const Traffic& traffic) {
  using metrics::Family;
  using metrics::Type;
  Family taken("shm_video_http_connections_total", Type::counter, "Connections taken.");
  taken.add({}, traffic.connections);
  Family open("shm_video_http_connections_open", Type::gauge, "Open connections.");
  open.add({}, traffic.open);
  Family requesting("shm_video_http_connections_requesting", Type::gauge,
                    "Open connections, but for those that streams have.");
  requesting.add({}, traffic.requesting);
  Family refused("shm_video_http_refused_total", Type::counter,
                 "Turned away, by the limit that was reached: clients, clients_per_address or streams.");
  refused.add({{"limit", "clients"}}, traffic.over_clients);
  refused.add({{"limit", "clients_per_address"}}, traffic.over_clients_per_address);
  refused.add({{"limit", "streams"}}, traffic.over_streams);
  Family late("shm_video_http_late_headers_total", Type::counter,
              "Requests whose header did not come to its end in time.");
  late.add({}, traffic.late_headers);
  Family idle("shm_video_http_idle_closed_total", Type::counter,
              "Connections closed because nothing was asked any more.");
  idle.add({}, traffic.idle_ends);
  Family tls("shm_video_http_tls_failed_total", Type::counter, "TLS handshakes that came to nothing.");
  tls.add({}, traffic.failed_greetings);
  for (Family* family : {&taken, &open, &requesting, &refused, &late, &idle, &tls})
    families.push_back(std::move(*family));
}

}  // namespace shmvideo::sink

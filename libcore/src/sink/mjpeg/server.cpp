// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/server.hpp"

#include <fcntl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>

#include "segment/clock.hpp"
#include "shmvideo/error.hpp"
#include "sink/http/access/access_gate.hpp"
#include "sink/http/access/static_files.hpp"
#include "sink/http/door.hpp"
#include "sink/mjpeg/channels.hpp"
#include "sink/mjpeg/discovery.hpp"
#include "sink/mjpeg/pictures/encode_pool.hpp"
#include "sink/mjpeg/routes.hpp"
#include "sink/mjpeg/serving.hpp"

namespace shmvideo::sink {

namespace asio = boost::asio;

namespace {

/// Whoever may write to where segments live can make up names; each costs a little for ever.
constexpr std::size_t kFoundMax = 64;

/// For Asio, which closes what it watches.
int duplicate(int fd) {
  const int made = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (made < 0) throw Error(ErrorCode::system, "cannot watch a descriptor", errno);
  return made;
}

ServingProgress progress_of(const Channels& channels) {
  ServingProgress progress;
  for (const auto& channel : channels.all()) {
    progress.counters += channel->counters();
    progress.streams += channel->streams(monotonic_ns()).count;
  }
  return progress;
}

}  // namespace

struct MjpegServer::Impl {
  explicit Impl(MjpegServerOptions options)
      : defaults(options.defaults),
        log(options.log),
        pool(loop, options.encoder_threads),
        channels(loop, options.guard, options.program, pool, log),
        serving{loop.get_executor(), channels, defaults, monotonic_ns(), pool.threads(), pool, traffic},
        door(loop, std::move(options.door), router, traffic, log),
        gate(
            loop.get_executor(), [this](const Request& request) { return usual_segment(request); }, log),
        files(pool),
        discovery(
            loop, options.guard, log, [this](std::string_view name) { return is_known(name); },
            [this](const SegmentName& name) { found(name); }),
        stop_event(loop),
        other_event(loop),
        report_timer(loop) {
    channels.set_defaults(defaults);
    for (const SegmentName& name : options.segments) channels.add(name);
    serving.files = &files;
    add_routes(router, serving);
    router.set_gate(&gate);
    if (options.finds_segments) discovery.start();
    door.open();
  }

  /// Nothing that runs on the loop may outlive what it refers to.
  ~Impl() {
    stop();
    loop.restart();
    loop.run();
  }

  bool is_known(std::string_view name) const {
    return channels.find(name) || channels.all().size() >= kFoundMax;
  }

  void found(const SegmentName& name) {
    if (is_known(name.str())) return;
    channels.add(name);
    const std::string& first = door.urls().front();
    log(EventLevel::info, "serving " + name.str() + " at " + (first.ends_with('/') ? first : first + " /") +
                              "s/" + name.str() + "/");
    if (channels.all().size() == kFoundMax)
      log(EventLevel::warn, "there are " + std::to_string(kFoundMax) + " segments; no more are taken up");
  }

  std::string usual_segment(const Request& request) const {
    const Channel* const usual = channels.usual(request.target.path);
    return usual ? usual->name().str() : "";
  }

  void set_access(Admission admission) {
    gate.set(std::move(admission.settings));
    files.set_folder(std::move(admission.folder));
    for (const auto& channel : channels.all()) {
      channel->close_unless([this, &name = channel->name().str()](const Access& access) {
        return gate.may_stay(access, name);
      });
    }
  }

  void stop() {
    door.stop();
    gate.stop();
    discovery.stop();
    channels.stop();
    pool.stop();
    files.stop();
    boost::system::error_code ignored;
    stop_event.close(ignored);
    other_event.close(ignored);
    is_stopped = true;
    report_timer.cancel();
  }

  void await_other_event() {
    other_event.async_wait(asio::posix::stream_descriptor::wait_read,
                           [this](const boost::system::error_code& error) {
                             if (error || !other_event.is_open()) return;
                             on_other_event();
                             await_other_event();
                           });
  }

  void await_report() {
    report_timer.expires_after(report_interval);
    report_timer.async_wait([this](const boost::system::error_code& error) {
      if (error || is_stopped) return;
      on_report(progress_of(channels));
      await_report();
    });
  }

  ServingDefaults defaults;
  const EventLog log;
  Router router;
  Traffic traffic;
  asio::io_context loop{1};  // one thread: no locks among what runs on it
  EncodePool pool;
  Channels channels;
  Serving serving;
  Door door;
  AccessGate gate;
  StaticFiles files;
  Discovery discovery;
  asio::posix::stream_descriptor stop_event;
  asio::posix::stream_descriptor other_event;  // see watch()
  std::function<void()> on_other_event;
  asio::steady_timer report_timer;  // see report_every()
  std::chrono::nanoseconds report_interval{0};
  std::function<void(const ServingProgress&)> on_report;
  IntakeWatch intake;
  bool is_stopped = false;
};

MjpegServer::MjpegServer(MjpegServerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

MjpegServer::~MjpegServer() = default;

const std::vector<std::string>& MjpegServer::urls() const { return impl_->door.urls(); }

bool MjpegServer::is_wide() const { return impl_->door.is_wide(); }

void MjpegServer::set_limits(const DoorLimits& limits) { impl_->door.set_limits(limits); }

void MjpegServer::renew_certificate() { impl_->door.renew_certificate(); }

void MjpegServer::watch(int fd, std::function<void()> on_readable) {
  impl_->on_other_event = std::move(on_readable);
  impl_->other_event.assign(duplicate(fd));
  impl_->await_other_event();
}

void MjpegServer::set_defaults(const ServingDefaults& defaults) {
  impl_->defaults = defaults;
  impl_->channels.set_defaults(defaults);
}

void MjpegServer::set_access(Admission admission) { impl_->set_access(std::move(admission)); }

void MjpegServer::show_camera(PrivateSource* camera) { impl_->channels.show_camera(camera); }

void MjpegServer::report_every(std::chrono::nanoseconds interval,
                               std::function<void(const ServingProgress&)> report) {
  impl_->report_interval = interval;
  impl_->on_report = std::move(report);
  impl_->await_report();
}

ServingHealth MjpegServer::health() { return impl_->intake.look(impl_->channels); }

void MjpegServer::run(int stop_fd) {
  impl_->stop_event.assign(duplicate(stop_fd));
  impl_->stop_event.async_wait(asio::posix::stream_descriptor::wait_read,
                               [this](const boost::system::error_code&) { impl_->stop(); });
  impl_->loop.run();  // ends when everything that stop() ended has come to its end
}

}  // namespace shmvideo::sink

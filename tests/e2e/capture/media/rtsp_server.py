# SPDX-License-Identifier: Apache-2.0
"""rtsp_server.py LAUNCH: serves a GStreamer pipeline at rtsp://127.0.0.1:PORT/x and prints the PORT. Ends with its
status 77 where GStreamer's RTSP server is not installed. For Debian's own Python, which has the bindings."""
import sys

try:
    import gi
    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtspServer
except (ImportError, ValueError) as problem:
    print(problem, file=sys.stderr)
    sys.exit(77)

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(sys.argv[1])
server.get_mount_points().add_factory("/x", factory)
server.attach(None)
print(f"port {server.get_bound_port()}", flush=True)
GLib.MainLoop().run()

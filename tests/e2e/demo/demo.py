# SPDX-License-Identifier: Apache-2.0
"""script/demo as a newcomer meets it, with the tools that are built already."""
import pathlib

from e2e import *

ROOT = pathlib.Path(__file__).resolve().parents[3]
DEMO = str(ROOT / "script" / "demo")


def processes_with(word):
    """Pids whose command line contains `word`."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and word in (entry / "cmdline").read_text().replace("\0", " "):
                found.append(int(entry.name))
    return found


def ended_clean(name):
    check_equal(processes_with(name), [], "processes that still run")


def live_demo(place, *options):
    """(demo, segment, port), when it says that it is live."""
    name, port = place.segment(), free_port()
    demo = place.start(DEMO, "--name", name, "--port", port, *options)
    demo.wait_for_output("Live at", 60)
    return demo, name, port


@test
def the_check_fetches_sixty_frames_and_leaves_nothing(place):
    name = place.segment()
    done = place.run(DEMO, "--check", "--name", name, "--port", free_port(), timeout=150).expect()
    check(re.search(r"^demo: passed: 60 JPEG frames of 1920x1080 in [0-9.]+ s", done.out, re.M), done.out)
    ended_clean(name)


@test
def ctrl_c_stops_everything(place):
    demo, name, port = live_demo(place)
    status, _, _ = http_get(port, "/snapshot")
    check_equal(status, 200, "the snapshot's status while it runs")
    done = demo.stop(signal.SIGINT, 15).expect()
    check("stopping" in done.out, done.out)
    ended_clean(name)


@test
def the_commands_it_suggests_work(place):
    demo, name, port = live_demo(place)
    commands = re.findall(r"^  (\S*/shm-\S+ .*?)(?:   .*)?$", demo.out, re.M)
    check_equal(len(commands), 3, "the number of commands")
    for command in commands:
        tool_path, *arguments = command.split()
        if "--save" in arguments:
            place.run(tool_path, *arguments).expect()
        else:
            process = place.start(tool_path, *arguments)
            time.sleep(0.5)  # long enough to fail
            check(process.is_running, lambda: f"{command} ended: {process.err}")
            process.stop(signal.SIGINT).expect()


@test
def a_taken_port_is_named_before_anything_starts(place):
    name = place.segment()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = place.run(DEMO, "--name", name, "--port", port).expect(1)
    check(f"port {port} of 127.0.0.1 is taken" in done.err and "--port" in done.err, done.err)


@test
def a_taken_name_is_said_and_its_writer_left_alone(place):
    name = place.segment()
    other = place.start("shm-capture", "--device", "pattern", "--name", name, "-r", "320x240")
    wait_until(lambda: place.run("shm-inspect", name).status == 0, 10, "the segment")
    done = place.run(DEMO, "--name", name, "--port", free_port(), timeout=60).expect(1)
    check(str(other.pid) in done.err and "--name" in done.err, done.err)
    check(other.is_running, "the other writer was ended")
    other.stop().expect()


@test
def a_source_that_cannot_be_opened_is_said(place):
    name = place.segment()
    done = place.run(DEMO, "--device", "/nowhere.mp4", "--name", name, "--port", free_port(), timeout=60)
    done.expect(1)
    check("shm-capture ended" in done.err and "/nowhere.mp4" in done.err, done.err)
    ended_clean(name)


@test
def a_file_starts_over(place):
    require("ffmpeg")
    file = os.path.join(place.scratch, "short.avi")
    picture = "testsrc=size=320x240:rate=25:duration=1"
    making = ["-loglevel", "error", "-f", "lavfi", "-i", picture, "-c:v", "mjpeg", file]
    place.run(shutil.which("ffmpeg"), *making).expect()
    done = place.run(DEMO, "--check", "--device", file, "--name", place.segment(), "--port", free_port(),
                     timeout=150).expect()
    check("60 JPEG frames of 320x240" in done.out, done.out)


@test
def mistakes_on_the_command_line_end_with_status_two(place):
    for mistake in (["--speed"], ["--port"], ["--port", "x"], ["--port=70000"], ["--name", ""]):
        check(place.run(DEMO, *mistake).expect(2).err.startswith("demo: "), f"{mistake}: no message")


main()

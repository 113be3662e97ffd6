# SPDX-License-Identifier: Apache-2.0
"""The compose file and what an image is made of, as far as they can be checked without a Docker engine: the keys that
the Compose specification knows, and that what they name is there."""
import json
import pathlib

from e2e import *

DOCKER = pathlib.Path(os.environ["SHMVIDEO_SOURCE"]) / "packaging/docker"
PYTHON = "/usr/bin/python3"  # Debian's own, which has python3-yaml

# Of the specification's keys, those that are used here, with the form of their values.
SERVICE = {"image": str, "build": str, "restart": str, "read_only": bool, "cap_drop": list, "security_opt": list,
           "stop_grace_period": str, "volumes": list, "command": list, "devices": list, "group_add": list,
           "ports": list, "healthcheck": dict}
HEALTHCHECK = {"test": list, "interval": str, "timeout": str, "retries": int, "start_period": str}


def compose(place):
    read = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))"
    if not os.path.exists(PYTHON) or place.run(PYTHON, "-c", "import yaml").status:
        skip("Debian's python3-yaml is not installed")
    return json.loads(place.run(PYTHON, "-c", read, DOCKER / "compose.yaml").expect().out)


def check_form(found, known, where):
    for key, value in found.items():
        check(key in known, f"{where}: {key} is not known")
        check(isinstance(value, known[key]), f"{where}: {key} is {value!r}, and not of the form {known[key].__name__}")


@test
def the_compose_file_has_the_form_that_compose_knows(place):
    file = compose(place)
    check_form({key: value for key, value in file.items() if not key.startswith("x-")},
               {"name": str, "services": dict, "volumes": dict}, "at the top")
    check_equal(set(file["services"]), {"capture", "server"}, "services")
    for name, service in file["services"].items():
        check_form(service, SERVICE, name)
        check_form(service.get("healthcheck", {}), HEALTHCHECK, f"{name}'s healthcheck")
        check(all(isinstance(word, str) for word in service["command"]), f"{name}: a word of its command is no text")
        check(service["read_only"] and service["cap_drop"] == ["ALL"], f"{name} may do more than it has to")
    for key in ("interval", "timeout", "start_period"):
        check(re.fullmatch(r"\d+s", file["services"]["server"]["healthcheck"][key]), f"{key} is no duration")


@test
def both_containers_have_one_memory_of_a_size_that_is_enough(place):
    file = compose(place)
    for name, service in file["services"].items():
        check_equal(service["volumes"], ["segments:/dev/shm"], f"{name}'s volumes")
    options = file["volumes"]["segments"]["driver_opts"]
    check_equal((options["type"], options["device"]), ("tmpfs", "tmpfs"), "the volume")
    size = int(re.search(r"size=(\d+)m", options["o"])[1]) << 20
    check(size >= 2 * 6 * 3840 * 2160 * 3, f"{size} bytes are no room for a camera of 3840x2160 that changes its size")


@test
def commands_are_understood_and_the_health_check_asks_the_server(place):
    services = compose(place)["services"]
    for service in services.values():
        program, *arguments = service["command"]
        place.run(program, *arguments, "--print-config").expect()
    check("/dev/video0:/dev/video0" in services["capture"]["devices"], "the camera is not passed on")
    how = services["server"]["healthcheck"]["test"]
    check_equal((how[0], how[1], how[-1]), ("CMD", "curl", "http://127.0.0.1:8000/healthz"), "the health check")
    check(services["server"]["ports"][0].startswith("127.0.0.1:"), "the server is open to the network")


@test
def the_image_is_made_of_the_packages_that_there_are(place):
    text = (DOCKER / "Dockerfile").read_text()
    check_equal(re.findall(r"debs/(\S+?)_\*\.deb", text), ["libshmvideo0", "shm-video"], "packages")
    check("FROM debian:12-slim" in text and "USER shm-video:video" in text, text)
    check(" curl " in text, "the health check's program is not installed")


main()

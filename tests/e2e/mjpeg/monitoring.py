# SPDX-License-Identifier: Apache-2.0
"""The dashboard, the alert rules and docs/monitoring.md against /metrics of a running server, and against promtool."""
import pathlib

from e2e import *
from exposition import parse
from serving import *

SOURCE = pathlib.Path(__file__).parents[3]
DASHBOARD = SOURCE / "share/grafana/shm-video.json"
RULES = SOURCE / "share/prometheus/shm-video.rules.yml"
# What Grafana puts in for its variables, as far as an expression's form is concerned.
VARIABLES = {"$__rate_interval": "1m", "$instance": ".+", "$segment": ".+"}
SELECTOR = re.compile(r"([a-z_][a-z0-9_]*)(?:\{([^}]*)\})?(?=[\s\[\])]|$)")
WORDS = {"sum", "by", "rate", "or", "max", "min", "vector", "absent", "histogram_quantile", "le"}


def load(path=DASHBOARD):
    return json.loads(path.read_text(encoding="utf-8"))


def panels():
    return [panel for panel in load()["panels"] if panel["type"] != "row"]


def expressions():
    """(panel's title, expression as Prometheus gets it, legend) of every target."""
    for panel in panels():
        for target in panel["targets"]:
            text = target["expr"]
            for name, stands_for in VARIABLES.items():
                text = text.replace(name, stands_for)
            yield panel["title"], text, target["legendFormat"]


def rules():
    """(alert, expression) of the file, which says each on a line."""
    text = RULES.read_text(encoding="utf-8")
    return re.findall(r"- alert: (\w+)\n +expr: (.+)\n", text)


def selectors(expression):
    """(metric, labels that it is asked for) of an expression."""
    aggregated = re.sub(r"\bby \([^)]*\)", "", expression)
    for name, labels in SELECTOR.findall(aggregated):
        if name not in WORDS and "_" in name or name == "up":
            yield name, re.findall(r'([a-z_]+)\s*(?:=~|!=|!~|=)\s*"', labels)


def promtool(place, *arguments):
    require("promtool")
    return place.run(shutil.which("promtool"), *arguments, timeout=60)


@test
def the_dashboard_has_the_shape_of_one(_):
    board = load()
    for key, kind in (("title", str), ("uid", str), ("schemaVersion", int), ("panels", list), ("templating", dict),
                      ("time", dict), ("annotations", dict), ("version", int)):
        check(isinstance(board.get(key), kind), f"{key}: {board.get(key)!r:.100}")
    ids = [panel["id"] for panel in board["panels"]]
    check_equal(len(set(ids)), len(ids), "panels with an id of their own")
    places = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        check(at["x"] >= 0 and at["x"] + at["w"] <= 24, f"{panel['title']} is not on the grid: {at}")
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        check(not cells & places, f"{panel['title']} lies over another one")
        places |= cells
    names = {variable["name"] for variable in board["templating"]["list"]}
    for panel in panels():
        check(panel["datasource"]["uid"] == "${datasource}" and panel["targets"], panel["title"])
        check(panel["description"] and panel["fieldConfig"]["defaults"]["unit"], panel["title"])
        for target in panel["targets"]:
            used = set(re.findall(r"\$(\w+)", target["expr"])) - {"__rate_interval"}
            check(used <= names, f"{panel['title']}: variables that are not there: {used - names}")


def with_trouble(place):
    """/metrics of a server for which everything happened that can happen, parsed; and what it said."""
    name = place.segment()
    start_pattern(place, name, "320x240")
    server = Server(place, name)
    viewer = Viewer(server.port)
    viewer.wait_for(5)
    for path in ("/snapshot", "/stream/video/raw", "/nothing", "/metrics"):
        server.get(path)
    text = server.get("/metrics")[2].decode()
    viewer.close()
    return parse(text)


@test
def what_the_dashboard_and_the_rules_ask_for_is_in_the_metrics(place):
    known = {}
    for name, labels in with_trouble(place):
        known.setdefault(name, set()).update(label for label, _ in labels)
    known["up"] = set()  # Prometheus' own
    every = [(title, text, legend) for title, text, legend in expressions()]
    every += [(alert, text, "{{segment}}" if "segment" in text else "") for alert, text in rules()]
    asked = set()
    for title, text, legend in every:
        found = list(selectors(text))
        check(found, f"{title}: nothing is asked for by {text}")
        for metric, labels in found:
            asked.add(metric)
            check(metric in known, f"{title}: {metric} is not in /metrics")
            strange = set(labels) - known[metric] - {"instance", "job"}
            check(not strange, f"{title}: {metric} has no {strange}")
        grouped = set(re.findall(r"\w+", " ".join(re.findall(r"by \(([^)]*)\)", text))))
        has = set.union(*(known[metric] for metric, _ in found)) | {"instance", "job"}
        told = set(re.findall(r"{{(\w+)}}", legend))
        check(grouped <= has, f"{title}: by {grouped - has}")
        check(told <= (grouped if grouped else has), f"{title}: its legend names {told}")
    for must in ("shm_video_http_streams", "shm_video_http_cache_hits_total", "shm_video_last_frame_age_seconds",
                 "shm_video_http_frames_skipped_total", "shm_video_http_encode_seconds_bucket",
                 "shm_video_http_capture_to_sent_seconds_bucket", "process_resident_memory_bytes"):
        check(must in asked, f"nothing shows {must}")
    for variable in load()["templating"]["list"]:
        if variable["type"] == "query":
            [(metric, label)] = re.findall(r"label_values\((\w+)(?:\{.*\})?, (\w+)\)", variable["definition"])
            check(metric in known and label in known[metric] | {"instance"}, f"{variable['name']}: {metric}, {label}")


@test
def promtool_reads_every_expression(place):
    lines = ["groups:", "  - name: dashboard", "    rules:"]
    for number, (_, text, _) in enumerate(expressions()):
        lines += [f"      - record: dashboard:{number}", f"        expr: {json.dumps(text)}"]
    file = pathlib.Path(place.scratch) / "dashboard.yml"
    file.write_text("\n".join(lines) + "\n")
    promtool(place, "check", "rules", file).expect(0)
    file.write_text(file.read_text().replace("rate(", "rate((", 1))
    check(promtool(place, "check", "rules", file).status != 0, "promtool takes what is no expression")


@test
def alerts_come_when_they_should_and_not_before(place):
    promtool(place, "check", "rules", RULES).expect(0)
    promtool(place, "test", "rules", pathlib.Path(__file__).parent / "monitoring" / "rules_test.yml").expect(0)
    text = (SOURCE / "docs/monitoring.md").read_text(encoding="utf-8")
    check_equal(set(re.findall(r"^\| `(\w+)` \|", text, re.M)), {alert for alert, _ in rules()}, "alerts in the docs")


@test
def the_configuration_in_the_docs_is_one(place):
    text = (SOURCE / "docs/monitoring.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```yaml\n(.*?)```", text, re.S)
    [installed] = re.findall(r"/usr/share/shm-video/\S+", block)
    file = pathlib.Path(place.scratch) / "prometheus.yml"
    file.write_text(block.replace(installed, str(RULES)))
    check_equal(pathlib.Path(installed).name, RULES.name, "the rules that it names")
    promtool(place, "check", "config", file).expect(0)
    check("job_name: shm-video\n" in block, "the job that the rules name")


main()

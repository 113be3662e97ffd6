# SPDX-License-Identifier: Apache-2.0
"""What answers are held against: the document at /openapi.json, read by Debian's python3-jsonschema."""
import functools
import json
import pathlib
import subprocess

from e2e import check, check_equal, skip

META_SCHEMA = pathlib.Path(__file__).parent / "openapi" / "schema-3.0.json"
# Reads {"schema": ..., "value": ...} lines; writes a line for each: what is wrong with it, or nothing.
_VALIDATOR = """
import json, sys, jsonschema
for line in sys.stdin:
    asked = json.loads(line)
    checker = jsonschema.Draft4Validator(asked["schema"])
    print("; ".join(f"{list(e.absolute_path)}: {e.message[:300]}" for e in checker.iter_errors(asked["value"])),
          flush=True)
"""
# What every answer of HTTP may have, or the server says to all.
_NOT_DESCRIBED = {"server", "date", "connection", "content-type", "content-length", "pragma", "expires",
                  "x-content-type-options", "keep-alive", "vary"}


class Validator:
    """A Python that has jsonschema, asked line by line."""

    def __init__(self):
        python = "/usr/bin/python3"
        if subprocess.run([python, "-c", "import jsonschema"], capture_output=True, check=False).returncode:
            skip("Debian's python3-jsonschema is not installed")
        self._child = subprocess.Popen([python, "-c", _VALIDATOR], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       text=True)

    def complaint(self, schema, value):
        self._child.stdin.write(json.dumps({"schema": schema, "value": value}) + "\n")
        self._child.stdin.flush()
        return self._child.stdout.readline().strip()

    def close(self):
        self._child.stdin.close()
        self._child.wait(20)
        self._child.stdout.close()


def strict(schema):
    """An OpenAPI schema as a JSON schema that allows no member that it does not name."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: strict(value) for key, value in schema.items() if key != "nullable"}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        made["additionalProperties"] = False
    return {"anyOf": [{"type": "null"}, made]} if schema.get("nullable") is True else made


class Description:
    """A document, and what it says of answers."""

    def __init__(self, text, validator):
        self.document = json.loads(text)
        self.paths = self.document["paths"]
        self._validator = validator

    def resolve(self, thing):
        while isinstance(thing, dict) and "$ref" in thing:
            check(thing["$ref"].startswith("#/"), f"a reference to elsewhere: {thing}")
            keys = thing["$ref"][2:].split("/")
            thing = functools.reduce(lambda at, key: at[key], keys, self.document)
        return thing

    def operation(self, path):
        return self.paths[path]["get"]

    def parameters(self, path):
        """{name: parameter} of those that stand in the query."""
        every = [self.resolve(each) for each in self.operation(path).get("parameters", [])]
        return {each["name"]: each for each in every if each["in"] == "query"}

    def _check_headers(self, what, answer, headers):
        described = {name.lower(): self.resolve(each) for name, each in answer.get("headers", {}).items()}
        for name, each in described.items():
            check(name in headers or not each.get("required"), f"{what}: no {name} in {headers}")
            if name in headers:
                complaint = self._validator.complaint(each["schema"], headers[name])
                check(not complaint, f"{what}: {name}: {complaint}")
        told = set(described) | _NOT_DESCRIBED
        check(set(headers) <= told, lambda: f"{what}: not described: {set(headers) - told}")

    def check_answer(self, path, status, headers, body, asked):
        """An answer to `asked` must be as `path` has it; `body` None: not to be looked at."""
        answers = self.operation(path)["responses"]
        what = f"{asked}: {status}"
        check(str(status) in answers, f"{what} is not among {sorted(answers)} of {path}: {body!r:.300}")
        answer = self.resolve(answers[str(status)])
        self._check_headers(what, answer, headers)
        content = answer.get("content", {})
        if not content:
            check(not body and "content-type" not in headers, f"{what} has a body: {headers}")
            return
        check(headers["content-type"] in content, f"{what}: {headers['content-type']} is not of {list(content)}")
        if headers["content-type"] == "application/json" and body is not None:
            schema = strict(self.resolve(content["application/json"]["schema"]))
            complaint = self._validator.complaint(schema, json.loads(body))
            check(not complaint, f"{what}: {complaint}\n  {body!r:.1500}")

    def check_itself(self):
        """The document against the schema of all such documents, and all its references."""
        complaint = self._validator.complaint(json.loads(META_SCHEMA.read_text()), self.document)
        check(not complaint, f"this is no OpenAPI document: {complaint}")
        ids = [item["get"]["operationId"] for item in self.paths.values()]
        check_equal(len(set(ids)), len(ids), "operations with a name of their own")
        tags = {tag for item in self.paths.values() for tag in item["get"]["tags"]}
        check(tags, "no operation has a tag")

        def walk(thing):
            if isinstance(thing, dict):
                if "$ref" in thing:
                    check(self.resolve(thing) is not None, f"{thing}")
                for each in thing.values():
                    walk(each)
            elif isinstance(thing, list):
                for each in thing:
                    walk(each)
        walk(self.document)


def beyond(parameter):
    """Values one step beyond what a parameter may be, and those that it may just be: (wrong, right)."""
    schema = parameter["schema"]
    if schema["type"] == "integer":
        low, high = schema["minimum"], schema["maximum"]
        return [low - 1, high + 1, f"{low}.5", "", "x"], [low, high]
    if "x-milliseconds" in schema:
        low, high = schema["x-milliseconds"]["minimum"], schema["x-milliseconds"]["maximum"]
        return [low - 1, high + 1, f"{high // 1000 + 1}s", "", "soon"], [low, high, f"{high}ms", f"{high // 1000}s"]
    if "enum" in schema:
        return [schema["enum"][0] + "x", ""], schema["enum"]
    return ["k" * (schema["maxLength"] + 1)], ["k" * schema["maxLength"]]

# SPDX-License-Identifier: Apache-2.0
"""The keys of configuration files: which there are, what they may be, whose options they set."""
import json

from derived.tools import roff, roff_lines

EXAMPLE = "docs/example-config.json"
SECTIONS = ("video", "vision", "api")  # those first that every configuration of this kind has

KINDS = ("bit rate", "duration", "file", "mode", "number", "rate", "resolution", "segment", "size", "text")


class Key:
    """One key with the options that it sets: one for each of `tools`."""

    def __init__(self, name, all_tools):
        self.name = name
        self.section = name.rpartition(".")[0] or "In no section"
        self.setters = []  # (tool's name, option)
        self._all_tools = all_tools

    def rank(self):
        top = self.name.partition(".")[0]
        place = SECTIONS.index(top) if top in SECTIONS else len(SECTIONS)
        return (place if "." in self.name else -1, self.section, self.name)

    def by_tool(self, what):
        """what(option), once if all tools agree, else with the tools that say so."""
        said = {}
        for tool, option in self.setters:
            said.setdefault(what(option), []).append(tool)
        if len(said) == 1:
            return next(iter(said))
        return "; ".join(f"{text} ({', '.join(names)})" for text, names in said.items())

    def sentences(self):
        details = [(tool, option["details"]) for tool, option in self.setters if option["details"]]
        is_one = len(self.setters) == 1
        return " ".join([self.by_tool(lambda option: option["help"]) + ".",
                         *(text if is_one else f"{tool}: {text}" for tool, text in details)])

    def default(self, quote):
        def of_one(option):
            if option["config_default"] not in (None, []):
                return quote(json.dumps(option["config_default"]))
            return option["if_unset"] or "none"

        return self.by_tool(of_one)

    def value(self):
        def of_one(option):
            if option["config_form"] == "true or false":
                return "true or false"
            if option["type"] == "choice":
                return "one of " + option["allowed"]
            # What only one tool has as a type says more by how it is written.
            kind = option["type"] if option["type"] in KINDS else option["metavar"]
            text = ("list of " if option["repeatable"] else "") + kind
            return text + (", " + option["allowed"] if option["allowed"] else "")

        return self.by_tool(of_one)

    def options(self, quote):
        names = {}
        for tool, option in self.setters:
            names.setdefault("--" + option["long"], []).append(tool)
        return "; ".join(quote(name) + " of all tools" if len(tools) == len(self._all_tools) else
                         ", ".join(quote(f"{tool} {name}") for tool in tools) for name, tools in names.items())

    def variable(self):
        return next((option["environment"] for _, option in self.setters if option["environment"]), "")

    def applied(self):
        return self.by_tool(lambda option: "SIGHUP" if option["reloadable"] else "restart")


def keys_of(found):
    keys = {}
    for tool in found:
        for option in tool.options:
            name = option["config_key"]
            if name:
                keys.setdefault(name, Key(name, found)).setters.append((tool.name, option))
    return sorted(keys.values(), key=Key.rank)


def without_effect(found):
    return [(row["term"], tool.name, row["text"]) for tool in found for row in tool.model["keys_without_effect"]]


def forms(found):
    """How values that JSON has no type for are written, by their type."""
    known = {}
    for tool in found:
        for option in tool.options:
            if option["config_key"] and option["type"] not in ("flag", "choice", "number"):
                if not option["repeatable"] and "..." not in option["config_form"]:
                    known[option["type"]] = option["config_form"]
    return sorted(known.items())


def known_keys(found):
    rows = sorted((key.name, key.options(lambda name: name)) for key in keys_of(found))
    return ("// Made by script/generate from what the tools declare: key, and whose options it sets.\n" +
            "".join(f'{{"{name}", "{options}"}},\n' for name, options in rows))


def code(text):
    return f"`{text}`"


def markdown_table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows])


def markdown_keys(found):
    text, section = "", None
    rows = []

    def flush():
        heads = ["key", "what", "value", "without it", "option, variable", "applied after"]
        return f"\n### {section}\n\n{markdown_table(heads, rows)}\n" if rows else ""

    for key in keys_of(found):
        if key.section != section:
            text += flush()
            section, rows = key.section, []
        places = key.options(code) + (f", `{key.variable()}`" if key.variable() else "")
        rows.append([code(key.name), key.sentences(), key.value(), key.default(code), places, key.applied()])
    return (text + flush()).strip("\n")


def markdown_holes(found, root):
    ignored = [(code(name), code(tool), why) for name, tool, why in without_effect(found)]
    return {"KEYS": markdown_keys(found),
            "FORMS": markdown_table(["value", "in the file"], forms(found)),
            "WITHOUT_EFFECT": markdown_table(["key", "would be for", "why"], ignored),
            "EXAMPLE": (root / EXAMPLE).read_text(encoding="utf-8")}


def man_keys(found):
    text, section = "", None
    for key in keys_of(found):
        if key.section != section:
            section = key.section
            text += f".SS {roff(section)}\n"
        text += f".TP\n\\fB{roff(key.name)}\\fR\n{roff_lines(key.sentences())}\n"
        places = key.options(lambda name: name) + (f"; environment {key.variable()}" if key.variable() else "")
        facts = [f"Value: {key.value()}.", f"Without it: {key.default(lambda value: value)}.", f"Option: {places}."]
        if "SIGHUP" in key.applied():
            facts.append("Applied on SIGHUP." if key.applied() == "SIGHUP" else f"Applied after: {key.applied()}.")
        for fact in facts:
            text += f".br\n{roff_lines(fact)}\n"
    return text


def man_holes(found, root):
    example = "\n".join(roff(line) for line in (root / EXAMPLE).read_text(encoding="utf-8").splitlines())
    return {"DATE": found[0].date(),
            "VERSION": found[0].model["version"],
            "KEYS": man_keys(found),
            "FORMS": "".join(f".TP\n{roff(name)}\n{roff_lines(form)}\n" for name, form in forms(found)),
            "WITHOUT_EFFECT": "".join(f".TP\n\\fB{roff(name)}\\fR\n{roff_lines(f'{tool}: {why}.')}\n"
                                      for name, tool, why in without_effect(found)),
            "EXAMPLE": example}

# SPDX-License-Identifier: Apache-2.0
"""shm-video(7): what all tools have in common, which ones there are."""
from derived.tools import roff, roff_lines


def date_holes(found, _root):
    """For a page that says the same whatever the tools declare."""
    return {"DATE": found[0].date(), "VERSION": found[0].model["version"]}


def man_holes(found, root):
    first = found[0]
    rows = [f".TP\n.BR {roff(tool.name)} (1)\n{roff_lines(tool.model['about'] + '.')}\n" for tool in found]
    return {**date_holes(found, root),
            "TOOLS": "".join(rows),
            "EXIT_STATUS": notes(exit_status(found)),
            "SIGNALS": notes([row for row in first.model["signals"] if row["term"] != "SIGPIPE"]),
            "SEE_ALSO": " ,\n".join(f".BR {roff(tool.name)} (1)" for tool in found)}


def exit_status(found):
    """What all tools say, in the order of the numbers, and those numbers that only some have."""
    rows = {}
    for tool in found:
        for row in tool.model["exit_status"]:
            rows.setdefault((row["term"], row["text"]), []).append(tool.name)
    common = {term for (term, _), names in rows.items() if len(names) == len(found)}
    said = [(term, text if len(names) == len(found) else f"{', '.join(names)}: {text}")
            for (term, text), names in rows.items()
            if len(names) == len(found) or (term.isdigit() and term not in common)]
    return [{"term": term, "text": text} for term, text in sorted(said)]


def notes(rows):
    return "".join(f".TP\n\\fB{roff(row['term'])}\\fR\n{roff_lines(row['text'])}\n" for row in rows)

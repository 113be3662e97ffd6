# SPDX-License-Identifier: Apache-2.0
"""help_and_man.py TOOL PAGE: --help and the man page tell of the same options, and the same of each."""
import re
import sys

from models import check, finish, model_of, run, visible

tool, page_path = sys.argv[1:]
model = model_of(tool)


def plain(roff):
    """What a reader sees of roff, without its line breaks."""
    text = re.sub(r"\\f[BIR]|\\&", "", roff)
    for escaped, plainly in (("\\-", "-"), ("\\(ti", "~"), ("\\(ha", "^"), ("\\e", "\\")):
        text = text.replace(escaped, plainly)
    return text


def flowing(text):
    return " ".join(text.split())


def blocks_of_help(text):
    """Option or argument -> all that stands beside it."""
    blocks, current = {}, None
    for line in text.partition("\nExamples:\n")[0].splitlines():
        head = re.match(r"  (?:-(?P<letter>\w), |    )--(?P<long>[a-z-]+)|  (?P<argument>[A-Z]+)(?= |$)", line)
        if head:
            current = head["long"] or head["argument"]
            blocks[current] = line
        elif line.startswith("   ") and current:
            blocks[current] += " " + line
        else:
            current = None
    return {name: flowing(block) for name, block in blocks.items()}


def blocks_of_man(text):
    """The same of the page's OPTIONS: each begins with .TP and the tag with its name."""
    section = text.partition("\n.SH OPTIONS\n")[2].partition("\n.SH ")[0].partition("\n.SS Values\n")[0]
    blocks = {}
    for block in re.split(r"^\.TP\n(?=\\fB\\-|\\fI[A-Z]+\\fR)", section, flags=re.MULTILINE)[1:]:
        tag = plain(block.partition("\n")[0])
        name = re.search(r"--([a-z-]+)", tag)
        blocks[name.group(1) if name else tag] = flowing(plain(block.replace(".RS", "").replace(".RE", "")))
    return blocks


helped = blocks_of_help(run(tool, "--help").stdout)
manual = blocks_of_man(open(page_path, encoding="utf-8").read())
told = visible(model)
check(len(helped) == len(told), f"--help has {sorted(helped)}")
check(len(manual) == len(told), f"the man page has {sorted(manual)}")
for option in told:
    in_help = helped.get(option["positional"] or option["long"], "")
    in_man = manual.get(option["long"] or option["positional"], "")
    facts = [option["long"] and "--" + option["long"], option["letter"] and "-" + option["letter"], option["metavar"],
             option["help"], option["default"], option["if_unset"], option["environment"], option["range"]]
    facts += [word["word"] for word in option["words"]] if option["type"] == "choice" else []
    for fact in facts:
        check(flowing(fact) in in_help or (option["positional"] and fact == option["metavar"]),
              f"--help does not say '{fact}' of {option['long']}: {in_help}")
        check(flowing(fact) in in_man, f"the man page does not say '{fact}' of {option['long']}: {in_man}")
    check(option["config_key"] in in_man, f"the man page does not say the key of {option['long']}: {in_man}")
finish()

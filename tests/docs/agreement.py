# SPDX-License-Identifier: Apache-2.0
"""agreement.py TOOL...: options of one name are one thing in all tools: they mean, default to and print the same."""
import sys

from models import check, finish, model_of

FIELDS = ("letter", "metavar", "type", "range", "words", "environment", "help", "default", "if_unset", "repeatable",
          "hidden")

# Where they may not agree, and why. What a tool has to add to the common sentence belongs into its details.
EXCEPTIONS = {
    ("all", "help"): "what is left out otherwise is shown by one tool and served by the other",
    ("count", "help"): "what is counted is each tool's own: frames, updates",
    ("duration", "default"): "a measurement always ends by itself",
    ("duration", "if_unset"): "a measurement always ends by itself",
    ("duration", "range"): "a measurement of an instant says nothing",
    ("fps", "default"): "a writer takes its source's own rate; a server and a measurement need one",
    ("fps", "if_unset"): "a writer takes its source's own rate; a server and a measurement need one",
    ("fps", "range"): "viewers ask for whole rates, within limits",
    ("fps", "type"): "viewers ask for whole rates, within limits",
    ("interval", "default"): "without a terminal a measurement tells less often",
    ("interval", "if_unset"): "without a terminal a measurement tells less often",
    ("interval", "range"): "looking more often would disturb what is measured",
    ("name", "default"): "a writer has to call its segment something",
    ("name", "help"): "it is written by one tool and read by the others",
    ("name", "if_unset"): "tools that read choose among what is there, each as suits it",
    ("on-loss", "default"): "a writer loses its source, a server its writer",
    ("on-loss", "help"): "a writer loses its source, a server its writer",
    ("on-loss", "words"): "a writer loses its source, a server its writer",
    ("resolution", "default"): "a writer takes its source's own size; a measurement needs one",
    ("resolution", "if_unset"): "a writer takes its source's own size; a measurement needs one",
    ("slots", "default"): "coded frames need more slots than raw ones",
    ("slots", "if_unset"): "coded frames need more slots than raw ones",
}


def differences(models):
    """(option, field) -> the tools by what they say."""
    said = {}
    for model in models:
        for option in model["options"]:
            for field in FIELDS:
                value = str(option[field])
                said.setdefault((option["long"], field), {}).setdefault(value, []).append(model["name"])
    return {where: values for where, values in said.items() if len(values) > 1 and where[0]}


check(list(EXCEPTIONS) == sorted(EXCEPTIONS), "the exceptions are not sorted")
found = differences([model_of(tool) for tool in sys.argv[1:]])
for (long_name, field), values in found.items():
    texts = "; ".join(f"'{value}' in {', '.join(tools)}" for value, tools in values.items())
    check((long_name, field) in EXCEPTIONS, f"--{long_name}: {field} is {texts}")
for where in EXCEPTIONS:
    check(where in found, f"--{where[0]}: {where[1]} agrees everywhere; it is no exception any more")
finish()

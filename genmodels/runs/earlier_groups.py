"""The groups of runs that earlier versions have started, which told them by their names alone."""

import re

TIME = r"\d\d [A-Za-z]{3} \d\d\.\d\d\.\d\d"
BEHIND = re.compile(rf"[^:]+: (Comparison|Pair|All three) ({TIME})")  # the run's own name
BEFORE = re.compile(rf"(Comparison) ({TIME}): [^:]+")  # as the first versions had it
KINDS = {"Comparison": "objectives", "Pair": "pair", "All three": "three"}
FAMILIES = {"Comparison": ("dcgan",), "Pair": ("vae", "dcgan"), "All three": ("vae", "dcgan", "flow")}


def group_by_name(name: str, family: str) -> str:
    """The ``group`` of a run that knows of none, by what it is called; empty where it was started alone."""
    found = BEHIND.fullmatch(name) or BEFORE.fullmatch(name)
    if not found or family not in FAMILIES[found[1]]:
        return ""
    return "-".join((KINDS[found[1]], *re.findall(r"\w+", found[2].lower())))

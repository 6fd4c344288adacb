#!/usr/bin/env python3
"""Runs one rule over the tree: lint.py RULE [--root DIR] [--work DIR] [--define MACRO]...

Prints "file:line: what is wrong" for each violation. Exit status 0: none, 1: some, 77: a program that the rule needs is
not installed.
"""
import argparse
import os
import sys

sys.dont_write_bytecode = True

from rules import catalog, coroutines, formatting, headers, levels, links, shell, sql, tree  # noqa: E402
from rules.source import ProgramMissing, Tree  # noqa: E402

RULES = {
    "levels": levels.violations,
    "links": links.violations,
    "coroutines": coroutines.violations,
    "sql": sql.violations,
    "tree": tree.violations,
    "format": formatting.violations,
    "catalog": catalog.violations,
    "shell": shell.violations,
    "headers": headers.violations,
}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rule", choices=RULES)
    parser.add_argument("--root", default=os.path.join(here, "..", ".."))
    parser.add_argument("--work", default=None, help="directory for what the rule keeps between runs")
    parser.add_argument("--define", action="append", default=[])
    arguments = parser.parse_args()
    looked_at = Tree(os.path.abspath(arguments.root))
    looked_at.work = os.environ.get("RASTRO_TEST_WORK") or arguments.work
    looked_at.definitions = arguments.define
    try:
        found = list(RULES[arguments.rule](looked_at))
    except ProgramMissing as missing:
        print(f"skipped: {missing} is not installed (./run deps)")
        return 77
    for line in found:
        print(line)
    print(f"{arguments.rule}: {len(found)} violation(s), {looked_at.read_count} files read")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

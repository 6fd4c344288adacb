#!/usr/bin/env python3
"""Counts what ctest ran. Arguments: PRESET=JUNIT-FILE ..., --broken N for presets that did not build.

A doctest binary is one ctest test with many cases: its own summary line gives the cases. Any other test counts as one.
A binary that fails without a failed case (a crash, a leak, a time-out) counts as one failure more.
Last line: "N passed, M failed" (", K skipped" if any). Exit status 0 only if something passed and nothing failed.
"""
import re
import sys
import xml.etree.ElementTree as ElementTree

CASES = re.compile(
    r"\[doctest\] test cases:\s*(\d+) \|\s*(\d+) passed \|\s*(\d+) failed(?: \|\s*(\d+) skipped)?")


def count(case):
    """(passed, failed, skipped) of one ctest test."""
    status = case.get("status")
    output = case.findtext("system-out") or ""
    if status in ("notrun", "disabled"):
        # A test that says "skip" itself is skipped; one whose program is missing has failed.
        reason = case.find("skipped")
        skipped = reason is not None and reason.get("message", "").startswith("SKIP_")
        return (0, 0, 1) if skipped else (0, 1, 0)
    summaries = CASES.findall(output)
    failed_test = status != "run"
    if not summaries:
        return (0, 1, 0) if failed_test else (1, 0, 0)
    passed = sum(int(s[1]) for s in summaries)
    failed = sum(int(s[2]) for s in summaries)
    if failed_test and failed == 0:
        failed = 1
    return (passed, failed, 0)


TELLING = re.compile(r"error|violation|fail|abort|exception|timeout|^\S+:\d+: |^\s*values: |SUMMARY", re.IGNORECASE)
MOST_LINES = 25


def telling_lines(case):
    """The lines of a failed test's output that say why; its end if none does."""
    lines = (case.findtext("system-out") or case.findtext("failure") or "no output").strip().splitlines()
    told = [line for line in lines if TELLING.search(line)]
    reason = case.find("skipped")
    if reason is not None:
        told.append(reason.get("message", ""))
    return told[:MOST_LINES] if told else lines[-MOST_LINES:]


def main(arguments):
    broken = 0
    if arguments and arguments[0] == "--broken":
        broken = int(arguments[1])
        arguments = arguments[2:]
    total = [0, 0, 0]
    for argument in arguments:
        preset, path = argument.split("=", 1)
        try:
            cases = ElementTree.parse(path).getroot().findall("testcase")
        except (OSError, ElementTree.ParseError) as reason:
            print(f"{preset}: no results ({reason})")
            total[1] += 1
            continue
        here = [0, 0, 0]
        for case in cases:
            counts = count(case)
            for i in range(3):
                here[i] += counts[i]
            if counts[1] > 0:
                print(f"  FAILED in {preset}: {case.get('name')} ({float(case.get('time') or 0):.1f} s)")
                for line in telling_lines(case):
                    print(f"    | {line}")
            if counts[2] > 0:
                print(f"  skipped in {preset}: {case.get('name')}")
        print(f"  {preset}: {len(cases)} test programs, {here[0]} passed, {here[1]} failed, {here[2]} skipped")
        total = [a + b for a, b in zip(total, here)]
    total[1] += broken
    skipped = f", {total[2]} skipped" if total[2] else ""
    print(f"{total[0]} passed, {total[1]} failed{skipped}")
    return 0 if total[0] > 0 and total[1] == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

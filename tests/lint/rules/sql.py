"""SQL literals: what SOCI's parameter parser misreads is not written (comments, E'', $$, array slices), SQL stands in
storage only, and transactions begin and end in storage/db only."""
import re

from .source import string_literals

SQL = re.compile(
    r"^\s*(select\b.*\S|insert\s+into\s|update\s+[\w.]+\s+(as\s+\w+\s+)?set\b|delete\s+from\s|with\s+(recursive\s+)?\w+\s*(\([^)]*\)\s*)?as\b"
    r"|merge\s+into\s|truncate\s|copy\s+[\w.]+\s*[\s(].*\b(from|to)\s+std|call\s+\w|lock\s+table\s|create\s+\w+\s|alter\s+\w+\s|drop\s+\w+\s|set\s+local\s)",
    re.IGNORECASE | re.DOTALL)
STRICT_SELECT = re.compile(r"^\s*select\b.*\bfrom\b", re.IGNORECASE | re.DOTALL)
TRANSACTION = re.compile(r"^\s*(begin|commit|rollback|savepoint\s+\w+|start\s+transaction)\b[\s;a-z]*$", re.IGNORECASE)
QUOTED = re.compile(r"'(?:[^']|'')*'")

TRAPS = [
    (re.compile(r"--|/\*"), "a comment inside SQL"),
    (re.compile(r"\b[eE]'"), "an E'' literal inside SQL"),
    (re.compile(r"\$\w*\$"), "dollar quoting inside SQL"),
    (re.compile(r"\[[^\]:]*:[^\]:]*\]"), "an array slice inside SQL (taken as a parameter)"),
]


def violations(tree):
    for path in tree.cpp():
        folder = path.split("/")[0]
        for line, literal in string_literals(tree.read(path)):
            where = f"{path}:{line}"
            if folder != "storage":
                looks = STRICT_SELECT.search(literal) or (SQL.search(literal) and not re.match(r"\s*(select|create|alter|drop|call|set|truncate)", literal, re.I))
                if looks:
                    yield f"{where}: SQL outside storage: {literal.strip()[:50]!r}"
                continue
            if TRANSACTION.search(literal) and not path.startswith("storage/db/"):
                yield f"{where}: transactions begin and end in storage/db only: {literal.strip()[:30]!r}"
            if not SQL.search(literal):
                continue
            for pattern, name in TRAPS:
                outside = literal if name.startswith("an E") else QUOTED.sub("''", literal)
                if pattern.search(outside):
                    yield f"{where}: {name}: {literal.strip()[:50]!r}"

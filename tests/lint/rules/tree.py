"""What may not be in the tree at all: keys, machine paths, registry hosts, overlong files, vague names."""
import re

# Written in parts, so that this file does not find itself.
PRIVATE_KEY = re.compile("-----BEGIN " + r"(?:[A-Z]+ )*PRIVATE KEY-----\s*(?:\\n|\n|\")\s*\"?[A-Za-z0-9+/=:\- ]{20}")
KEY_FILE = re.compile(r"\.(p12|pfx|key|jks|der\.key)$")
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:wo" + r"rk|w" + r"t)/[a-z]|(?<![\w.])/(?:home|Users)/[a-z][\w.-]*/")
HOSTS = re.compile("|".join(re.escape(a + b) for a, b in [
    ("registry.np", "mjs.org"), ("registry.yarn", "pkg.com"), ("deb.deb", "ian.org"), ("security.deb", "ian.org"),
    ("pypi", ".org"), ("files.python", "hosted.org"), ("proxy.go", "lang.org"), ("artifact", "ory"),
    ("crates", ".io/api")]))
VAGUE = re.compile(r"\b(?:class|struct|enum class)\s+(\w*(?:Manager|Helper|Util|Utils))\b")
VAGUE_FILE = re.compile(r"(?:^|[/_])(?:manager|helper|util|utils|helpers)(?:[_.]|$)")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")
CODE = (".cpp", ".hpp", ".py", ".sh", ".ts", ".tsx", ".cmake")
MOST_LINES, MOST_TEST_LINES = 450, 600


def _text_file(text):
    return "\0" not in text[:4000]


def violations(tree):
    for path in tree.files():
        if KEY_FILE.search(path):
            yield f"{path}:1: key material does not belong in the tree"
        text = tree.read(path)
        if not _text_file(text):
            continue
        for pattern, what in ((PRIVATE_KEY, "a private key"), (MACHINE_PATH, "a path of one machine"),
                              (HOSTS, "the host of a package registry")):
            for match in pattern.finditer(text):
                yield f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {what}"
        if path.endswith(CODE) or path.split("/")[-1] in ("run", "CMakeLists.txt"):
            yield from _code(path, text)


def _code(path, text):
    lines = text.count("\n")
    most = MOST_TEST_LINES if path.startswith("tests/") else MOST_LINES
    if lines > most:
        yield f"{path}:{most}: {lines} lines; at most {most}"
    for pattern, what in ((UNFINISHED, "unfinished work"), (VAGUE, "a name that does not say what it is for")):
        for match in pattern.finditer(text):
            yield f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {what}: {match.group(0)}"
    if VAGUE_FILE.search(path):
        yield f"{path}:1: a file name that does not say what it is for"
    if path.endswith(".hpp"):
        if "#pragma once" not in text:
            yield f"{path}:1: no #pragma once"
        for match in re.finditer(r"^\s*using\s+namespace\b", text, re.MULTILINE):
            yield f"{path}:{text.count(chr(10), 0, match.start()) + 2}: using namespace in a header"

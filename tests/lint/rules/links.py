"""CMake links: each folder's library links only what its level may see, and all that its files include."""
import re

from .levels import INCLUDE
from .source import LEVELS

CALL = re.compile(r"\b(rastro_library|target_link_libraries)\s*\(([^)]*)\)")
OWN = re.compile(r"^rastro_(\w+)$")
# Libraries that only these folders may link.
ONLY = {
    "SOCI::postgresql": {"storage"},
    "PostgreSQL::PostgreSQL": {"storage"},
    "Boost::json": set(LEVELS) - {"cases"},
    "OpenSSL::Crypto": set(LEVELS) - {"cases"},
    "OpenSSL::SSL": {"certs", "server", "client"},
    "tomlplusplus::tomlplusplus": {"config"},
}
WORDS = {"PUBLIC", "PRIVATE", "INTERFACE", "RECURSE", "FOLDER", "EXCLUDE"}


def _links(tree):
    """folder -> {linked library: line}"""
    found = {}
    for folder in LEVELS:
        path = f"{folder}/CMakeLists.txt"
        if path not in tree.files():
            continue
        text = re.sub(r"#[^\n]*", "", tree.read(path))
        linked = {}
        for call in CALL.finditer(text):
            words = call.group(2).split()
            for word in words[1:]:
                if word not in WORDS:
                    linked.setdefault(word, text.count("\n", 0, call.start()) + 1)
        found[folder] = linked
    return found


def violations(tree):
    links = _links(tree)
    reach = {folder: set() for folder in links}
    for folder, linked in links.items():
        for library, line in linked.items():
            where = f"{folder}/CMakeLists.txt:{line}"
            own = OWN.match(library)
            if own and own.group(1) in LEVELS:
                target = own.group(1)
                reach[folder].add(target)
                if target != folder and LEVELS[target] >= LEVELS[folder]:
                    yield f"{where}: {folder} (level {LEVELS[folder]}) must not link {library}"
            if library in ONLY and folder not in ONLY[library]:
                yield f"{where}: {folder} must not link {library}"
    for _ in LEVELS:  # transitive, as PUBLIC links of static libraries are
        for folder in reach:
            for target in list(reach[folder]):
                reach[folder] |= reach.get(target, set())
    for path in tree.cpp():
        folder = path.split("/")[0]
        if folder not in links:
            if path.endswith(".cpp"):
                yield f"{path}:1: {folder} has no CMakeLists.txt"
            continue
        for match in INCLUDE.finditer(tree.read(path)):
            target = match.group(2).split("/")[0]
            if match.group(1) == '"' and target in LEVELS and target != folder and target not in reach[folder]:
                yield f'{path}: includes "{match.group(2)}", but {folder}/CMakeLists.txt does not link rastro_{target}'

"""Include levels (docs: architecture, "The house"). There is no list of exceptions: a rule about a library holds for what
a file reaches through other headers of this project too."""
import re

from .source import LEVELS, code_only, line_of

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)

# Only these see SOCI or libpq, by way of the private header of their connection.
DATABASE_FILES = {
    "storage/db/batch_lane.cpp",
    "storage/db/bulk_copy.cpp",
    "storage/db/connection.cpp",
    "storage/db/notify_listener.cpp",
    "storage/db/rows.cpp",
    "storage/db/sql.cpp",
}
DATABASE_HEADER = "storage/db/connection_session.hpp"
DATABASE = re.compile(r"^(soci/|soci\.h|libpq|postgresql/|pg_config)")

# What a folder must not see: (folders, header pattern, name of it).
FORBIDDEN = [
    ({"cases"}, re.compile(r"^(fstream|filesystem|iostream|cstdio|stdio\.h|unistd\.h|fcntl\.h|sys/)"), "files"),
    ({"cases"}, re.compile(r"^boost/json"), "JSON"),
    ({"cases"}, re.compile(r"^openssl/"), "OpenSSL"),
    ({"common", "cases", "config", "certs", "protocol"}, re.compile(r"^boost/asio"), "Asio"),
    (set(LEVELS) - {"server"}, re.compile(r"^boost/beast"), "Beast"),
    (set(LEVELS) - {"config"}, re.compile(r"^toml\+\+|^toml\.hpp"), "TOML"),
]
# Coroutines live in the server and in one file of storage.
COROUTINE_FOLDERS = {"server", "storage"}


class Includes:
    """path -> [(line, quote, header)], read once; and what is reached through own headers."""

    def __init__(self, tree):
        self.known = set(tree.files())
        self.texts = {path: tree.read(path) for path in tree.cpp()}
        self.of = {
            path: [(line_of(text, m.start()), m.group(1), m.group(2)) for m in INCLUDE.finditer(text)]
            for path, text in self.texts.items()
        }
        self._reached = {}

    def libraries(self, path):
        """{library header: own header that includes it} reached from an own header."""
        if path not in self._reached:
            self._reached[path] = {}
            found = {}
            for _, quote, header in self.of.get(path, ()):
                if quote == "<":
                    found.setdefault(header, path)
                elif header != path:
                    for library, through in self.libraries(header).items():
                        found.setdefault(library, through)
            self._reached[path] = found
        return self._reached[path]


def violations(tree):
    includes = Includes(tree)
    storage_coroutines = []
    for path, text in includes.texts.items():
        folder = path.split("/")[0]
        for line, quote, header in includes.of[path]:
            where = f"{path}:{line}"
            if quote == '"':
                yield from _own(folder, header, includes, where)
                seen = includes.libraries(header)
            else:
                seen = {header: path}
                if header in includes.known and header.split("/")[0] in LEVELS:
                    yield f"{where}: own headers are included with quotes: <{header}>"
            yield from _libraries(path, folder, seen, where)
        if re.search(r"\bco_(await|return|yield)\b", code_only(text)):
            if folder not in COROUTINE_FOLDERS:
                yield f"{path}:1: no coroutines in {folder}"
            if folder == "storage":
                storage_coroutines.append(path)
    for path in storage_coroutines[1:]:
        yield f"{path}:1: storage has one file with coroutines already: {storage_coroutines[0]}"


def _own(folder, header, includes, where):
    target = header.split("/")[0]
    if target not in LEVELS:
        yield f'{where}: "{header}" must be named from the root: "folder/name.hpp"'
    elif header not in includes.known:
        yield f'{where}: there is no "{header}"'
    elif target != folder and LEVELS[target] >= LEVELS[folder]:
        yield f'{where}: {folder} (level {LEVELS[folder]}) must not see "{header}" (level {LEVELS[target]})'


def _libraries(path, folder, seen, where):
    for library, through in sorted(seen.items()):
        by = "" if through == path else f" through {through}"
        for folders, pattern, name in FORBIDDEN:
            if folder in folders and pattern.search(library):
                yield f"{where}: {folder} must not see {name}: <{library}>{by}"
        if DATABASE.search(library) and path not in DATABASE_FILES and path != DATABASE_HEADER:
            yield f"{where}: only {', '.join(sorted(DATABASE_FILES))} may see <{library}>{by}"

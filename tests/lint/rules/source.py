"""The tree under test, and C++ text without its comments and literals."""
import os
import re
import subprocess

# Folders of the house and their levels: includes and links point to a lower level or stay in the folder.
LEVELS = {
    "common": 0,
    "cases": 1,
    "config": 1,
    "certs": 1,
    "protocol": 2,
    "storage": 2,
    "server": 3,
    "client": 3,
}
NOT_SOURCE = re.compile(r"(^|/)(\.git|build[^/]*|\.demo|\.test|\.bench|node_modules|__pycache__|\.cache)(/|$)")


class ProgramMissing(Exception):
    pass


class Tree:
    def __init__(self, root):
        self.root = root
        self.work = None
        self.definitions = []
        self.read_count = 0
        self._files = None

    def files(self):
        """Paths below the root: tracked and new ones, without what git ignores."""
        if self._files is None:
            self._files = sorted(self._from_git() or self._from_disk())
        return self._files

    def _from_git(self):
        if not os.path.exists(os.path.join(self.root, ".git")):
            return None
        try:
            listed = subprocess.run(
                ["git", "-c", "safe.directory=*", "-C", self.root, "ls-files", "-z", "-co", "--exclude-standard"],
                capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        names = listed.stdout.decode().split("\0")
        return {name for name in names if name and os.path.isfile(os.path.join(self.root, name))}

    def _from_disk(self):
        found = set()
        for folder, folders, names in os.walk(self.root):
            inside = os.path.relpath(folder, self.root)
            folders[:] = [f for f in folders if not NOT_SOURCE.search(os.path.normpath(os.path.join(inside, f)))]
            found.update(os.path.normpath(os.path.join(inside, name)) for name in names)
        return found

    def cpp(self, *folders):
        """C++ files of these top folders (all folders of the house if none is given)."""
        wanted = folders or tuple(LEVELS)
        return [f for f in self.files() if f.split("/")[0] in wanted and f.endswith((".cpp", ".hpp"))]

    def read(self, path):
        self.read_count += 1
        with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
            return file.read()


LITERAL = re.compile(
    r"""(?P<raw>\b(?:u8|u|U|L)?R"(?P<tag>[^()\\\s]{0,16})\((?P<rawtext>.*?)\)(?P=tag)")"""
    r"""|(?P<string>(?:u8|u|U|L)?"(?P<text>(?:[^"\\\n]|\\.)*)")"""
    r"""|(?P<char>(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+')"""
    r"""|(?P<line>//[^\n]*)"""
    r"""|(?P<block>/\*.*?\*/)""",
    re.DOTALL | re.VERBOSE,
)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def _blank(match):
    kept = "\n" * match.group(0).count("\n")
    if match.lastgroup in ("line", "block"):
        return " " + kept
    if match.group("char"):
        return "'c'"
    if match.group("line") is not None or match.group("block") is not None:
        return " " + kept
    return '""' + kept


def code_only(text):
    """The text with comments removed and literals emptied; line numbers stay."""
    return LITERAL.sub(_blank, text)


def string_literals(text):
    """(line, content) of each literal; adjacent literals, which the compiler joins, come as one."""
    joined = []
    last_end = None
    for match in LITERAL.finditer(text):
        if match.group("raw") is not None:
            content = match.group("rawtext")
        elif match.group("string") is not None:
            content = match.group("text").replace('\\"', '"').replace("\\n", "\n").replace("\\t", "\t")
        elif match.group("line") is not None or match.group("block") is not None:
            continue
        else:
            last_end = None
            continue
        between = text[last_end:match.start()] if last_end is not None else None
        if between is not None and not code_only(between).strip():
            joined[-1][1] += content
        else:
            joined.append([line_of(text, match.start()), content])
        last_end = match.end()
    return [(line, content) for line, content in joined]

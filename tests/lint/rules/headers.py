"""Each header compiles on its own, as the first include of an otherwise empty file. What was found good is remembered by
the content of the header and of all headers of this project that it reaches."""
import concurrent.futures
import hashlib
import os
import shutil
import subprocess

from .levels import INCLUDE
from .source import LEVELS, ProgramMissing

COMPILER = "clang++-16"


class Headers:
    def __init__(self, tree):
        self.tree = tree
        self.known = set(tree.files())
        self.texts = {}

    def text(self, path):
        if path not in self.texts:
            self.texts[path] = self.tree.read(path)
        return self.texts[path]

    def fingerprint(self, path, command):
        reached, waiting = set(), [path]
        while waiting:
            current = waiting.pop()
            if current in reached or current not in self.known:
                continue
            reached.add(current)
            waiting += [m.group(2) for m in INCLUDE.finditer(self.text(current)) if m.group(1) == '"']
        digest = hashlib.sha256(" ".join(command).encode())
        for name in sorted(reached):
            digest.update(name.encode() + b"\0" + self.text(name).encode() + b"\0")
        return digest.hexdigest()


def violations(tree):
    compiler = shutil.which(COMPILER)
    if compiler is None:
        raise ProgramMissing(COMPILER)
    command = [compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-I", ".", "-isystem",
               "/usr/include/soci", "-isystem", "/usr/include/postgresql", *[f"-D{name}" for name in tree.definitions], "-x", "c++", "-"]
    headers = Headers(tree)
    paths = [p for p in tree.cpp(*LEVELS, "tests") if p.endswith(".hpp")]
    good = os.path.join(tree.work, "good_headers") if tree.work else None
    if good:
        os.makedirs(good, exist_ok=True)
    keys = {path: headers.fingerprint(path, command) for path in paths}
    todo = [p for p in paths if not good or not os.path.exists(os.path.join(good, keys[p]))]

    def compile_alone(path):
        return path, subprocess.run(command, cwd=tree.root, input=f'#include "{path}"\n', capture_output=True,
                                    text=True)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for path, result in pool.map(compile_alone, todo):
            if result.returncode != 0:
                first = next((line for line in result.stderr.splitlines() if "error" in line), result.stderr[:200])
                yield f"{path}:1: does not compile alone: {first}"
            elif good:
                with open(os.path.join(good, keys[path]), "w", encoding="utf-8"):
                    pass

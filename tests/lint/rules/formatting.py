"""clang-format 16 would change nothing."""
import os
import re
import shutil
import subprocess

from .source import LEVELS, ProgramMissing


def violations(tree):
    program = shutil.which("clang-format-16")
    if program is None:
        raise ProgramMissing("clang-format-16")
    files = tree.cpp(*LEVELS, "tests")
    workers = []
    count = max(1, min(os.cpu_count() or 1, 8))
    for chunk in (files[i::count] for i in range(count)):
        if chunk:
            workers.append(subprocess.Popen([program, "--dry-run", "--ferror-limit=1", *chunk], cwd=tree.root,
                                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
    seen = set()
    for worker in workers:
        said = worker.communicate()[1]
        for match in re.finditer(r"^([^\s:]+):(\d+):\d+: (?:warning|error)", said, re.MULTILINE):
            if match.group(1) not in seen:
                seen.add(match.group(1))
                yield f"{match.group(1)}:{match.group(2)}: not as .clang-format says (./run format)"
        if worker.returncode not in (0, 1):
            yield f"clang-format-16 ended with {worker.returncode}: {said[:300]}"
    tree.read_count += len(files)

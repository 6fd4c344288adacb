"""shellcheck finds nothing in the scripts."""
import shutil
import subprocess

from .source import ProgramMissing

PARTS_OF = {"run": "deploy/run/"}  # a script, and the folder of the parts that it sources


def violations(tree):
    program = shutil.which("shellcheck")
    if program is None:
        raise ProgramMissing("shellcheck")
    for path in tree.files():
        part = any(path.startswith(folder) and whole in tree.files() for whole, folder in PARTS_OF.items())
        shell = path.endswith(".sh") or (path.split("/")[-1] == "run" and tree.read(path).startswith("#!"))
        if not shell or part:
            continue
        result = subprocess.run([program, "-x", "-a", "-f", "gcc", path], cwd=tree.root, capture_output=True,
                                text=True)
        yield from (line for line in result.stdout.splitlines() if line.strip())
        if result.returncode > 1:
            yield f"{path}: shellcheck could not read it: {result.stderr.strip()[:200]}"
        tree.read_count += 1

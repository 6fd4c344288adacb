"""Every command of README and docs/ is one that the programs know. Options: --run FILE --rastro FILE --rastrod FILE."""
import argparse
import pathlib
import sys

from fences import commands, unmarked
from spelling import Spelling

ROOT = pathlib.Path(__file__).resolve().parents[2]
FEWEST = 60  # fewer commands than this means that the pages are not read as they are written


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("run", "rastro", "rastrod"):
        parser.add_argument("--" + name, required=True)
    options = parser.parse_args()
    spelling = Spelling(options.run, options.rastro, options.rastrod)
    faults, count = [], 0
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text, name = page.read_text(encoding="utf-8"), str(page.relative_to(ROOT))
        faults += [f"{name}:{line}: commands in a block that is not marked sh or console" for line in unmarked(text)]
        for command in commands(name, text):
            count += 1
            faults += [f"{command}\n    {fault}" for fault in spelling.faults(command.text)]
    faults += [] if count >= FEWEST else [f"only {count} commands were found"]
    planted = list(spelling.faults("rastro trace list --no-such-option")) and \
        list(spelling.faults("rastro trace lisst")) and list(spelling.faults("./run demmo"))
    faults += [] if planted else ["planted mistakes were not found"]
    print("\n".join(faults) if faults else f"{count} commands, all known")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""The commands of a Markdown page: fenced blocks marked sh (one command a line) or console (prompt, then output)."""
import re

FENCE = re.compile(r"^```(\w*)\s*$")


class Command:
    def __init__(self, page, line, text, as_root=False):
        self.page, self.line, self.text, self.as_root = page, line, text, as_root
        self.output = []

    def __str__(self):
        return f"{self.page}:{self.line}: {self.text}"


def _without_comment(text):
    """A comment begins with # behind a blank, outside quotes."""
    quote = ""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "#" and (at == 0 or text[at - 1].isspace()):
            return text[:at].rstrip()
    return text.rstrip()


def blocks(text):
    """(language, number of the first line, lines) of each fenced block."""
    language, begin, lines = None, 0, []
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line.strip())
        if language is None and fence:
            language, begin, lines = fence.group(1), number + 1, []
        elif language is not None and line.strip() == "```":
            yield language, begin, lines
            language = None
        elif language is not None:
            lines.append(line)
    if language is not None:
        raise SystemExit(f"a fence of line {begin - 1} has no end")


def _quote_is_open(text):
    quote, at = "", 0
    while at < len(text):
        sign = text[at]
        if sign == "\\" and quote != "'":
            at += 1
        elif quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        at += 1
    return bool(quote)


def _continued(lines, at):
    """The command that begins at lines[at], joined over backslashes and open quotes, and the index behind it."""
    text = lines[at]
    while at + 1 < len(lines) and (text.endswith("\\") or _quote_is_open(text)):
        at += 1
        text = text[:-1].rstrip() + " " + lines[at].strip() if text.endswith("\\") else text + "\n" + lines[at]
    return text, at + 1


def commands(page, text):
    found = []
    for language, begin, lines in blocks(text):
        at = 0
        while at < len(lines) and language in ("sh", "console"):
            line = lines[at]
            if language == "console" and not line.startswith(("$ ", "# ")):
                if found and found[-1].page == page:
                    found[-1].output.append(line)
                at += 1
                continue
            joined, behind = _continued(lines, at)
            as_root = language == "console" and joined.startswith("# ")
            joined = joined[2:] if language == "console" else _without_comment(joined)
            if joined.strip():
                found.append(Command(page, begin + at, joined.strip(), as_root))
            at = behind
    return found


def unmarked(text):
    """First lines of blocks without a language that hold commands of ours: they would be checked by nobody."""
    for language, begin, lines in blocks(text):
        if language == "" and any(re.match(r"\s*(\$ )?(\./run|rastro|rastrod)\b", line) for line in lines):
            yield begin

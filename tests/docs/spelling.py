"""Whether the programs know the commands and options that the documentation shows, asked of the programs themselves."""
import functools
import re
import shlex
import subprocess

# Verbs of ./run whose help is that of another program behind it.
PASSES_ON = {"as", "psql", "in-cluster", "code"}
# Everything else that pages show is a program of Debian or of a shell.
OWN = ("./run", "rastro", "rastrod")


def _words(text):
    lexer = shlex.shlex(text, posix=True, punctuation_chars="|&;")
    lexer.whitespace_split = True
    return list(lexer)


def split_commands(text):
    """The single commands of a line with pipes and &&, and those inside $(...); each as words."""
    inner = re.findall(r"\$\(([^()]*)\)", text)
    outer = re.sub(r"\$\(([^()]*)\)", "X", text)
    found = []
    for part in [outer, *inner]:
        words = []
        for word in [*_words(part), ";"]:
            if word and set(word) <= set("|&;"):
                found.append(words)
                words = []
            else:
                words.append(word)
    return [part for part in found if part]


class Spelling:
    def __init__(self, run, rastro, rastrod):
        self._run, self._rastro, self._rastrod = run, rastro, rastrod

    @functools.cache
    def _help(self, program, *words):
        done = subprocess.run([program, *words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout

    def faults(self, text):
        for words in split_commands(text):
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words = words[1:]
            if not words or words[0] not in OWN:
                continue
            if words[0] == "./run":
                yield from self._of_run(words[1:])
            elif words[0] == "rastro":
                yield from self._of_rastro(words[1:])
            else:
                yield from self._of_rastrod(words[1:])

    def _of_run(self, words):
        _, text = self._help(self._run, "help")
        verb = words[0] if words else "help"
        line = next((line for line in text.splitlines() if re.search(rf"(^|\s\s){re.escape(verb)}\b", line)), None)
        if line is None and verb != "help":
            yield f"./run has no verb {verb}"
        elif verb == "as":
            yield from self._of_rastro(words[2:])
        elif verb not in PASSES_ON:
            yield from (f"./run {verb} has no option {word}" for word in words[1:] if word.startswith("--") and word not in text)

    def _of_rastro(self, words):
        path, options = [], []
        expects = False
        for word in words:
            if word.startswith("--"):
                options.append(word.split("=")[0])
                expects = not path and "=" not in word  # an option of every command before the command, with its value
            elif expects:
                expects = False
            else:
                path.append(word)
        if not path:
            yield from (f"rastro has no option {word}" for word in options if word not in ("--help", "--version"))
            return
        for length in (3, 2, 1):  # a group of commands answers for names that it does not know: "usage: rastro trace COMMAND"
            code, text = self._help(self._rastro, *path[:length], "--help")
            usage = re.match(r"usage: rastro ((?:[a-z-]+ ?)+)", text)
            if code == 0 and usage and usage.group(1).split()[:length] == path[:length] and "COMMAND" not in text.split("\n", 1)[0]:
                break
        else:
            yield f"rastro has no command {' '.join(path[:2])}"
            return
        known = set(re.findall(r"--[a-z][a-z-]*", text))
        yield from (f"rastro {' '.join(path[:length])} has no option {word}"
                    for word in options if word not in known and word != "--help")

    def _of_rastrod(self, words):
        _, text = self._help(self._rastrod, "--help")
        yield from (f"rastrod has no option {word}" for word in words if word.startswith("--") and word not in text)

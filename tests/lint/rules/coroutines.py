"""The coroutine rule. g++ 12.2 destroys twice what is created by value inside a full expression with co_await: closures
with captures by value, aggregates made with braces, and the arms of ?:. In a statement that contains co_await none of
them may stand; give the object a name first."""
import re

from .source import LEVELS, code_only, line_of

TOKEN = re.compile(r'[A-Za-z_]\w*|[0-9][\w.]*|->|::|""|\'c\'|\S')
SPECIFIERS = {"mutable", "noexcept", "constexpr", "consteval", "const", "override", "final", "static", "&", "&&"}
BLOCK_BEFORE = {")", "{", "}", ";", ":", "else", "do", "try"}
NAMED_BLOCKS = {"namespace", "struct", "class", "enum", "union", "extern"}
PAIRS = {")": "(", "]": "[", "}": "{"}


class Code:
    """Tokens with matched brackets and braces told apart: block, lambda body or initialiser."""

    def __init__(self, text):
        text = re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.M)
        found = list(TOKEN.finditer(text))
        self.tokens = [match.group(0) for match in found]
        self.lines = [line_of(text, match.start()) for match in found]
        self.match = {}
        stack = []
        for i, token in enumerate(self.tokens):
            if token in "([{":
                stack.append(i)
            elif token in PAIRS and stack and self.tokens[stack[-1]] == PAIRS[token]:
                start = stack.pop()
                self.match[start], self.match[i] = i, start
        self.kind = {i: self._brace(i) for i, token in enumerate(self.tokens) if token == "{"}

    def introduces_lambda(self, i):
        """Is the [ at i a lambda introducer, and not a subscript or an attribute?"""
        if self.tokens[i] != "[" or i not in self.match:
            return False
        if self.tokens[i + 1] == "[" or (i > 0 and self.tokens[i - 1] == "["):
            return False
        before = self.tokens[i - 1] if i > 0 else ";"
        if before in (")", "]", '""'):
            return False
        return not re.match(r"\w", before) or before in ("return", "co_return", "co_await", "co_yield", "case")

    def _declarator_end(self, i):
        """Steps back from the { at i over specifiers and a trailing return type to what they follow."""
        j = i - 1
        while j >= 0 and self.tokens[j] in SPECIFIERS:
            j -= 1
        k, depth = j, 0
        while k >= 0:
            token = self.tokens[k]
            if token == ">":
                depth += 1
            elif token == "<":
                depth -= 1
            elif token == "->":
                return k - 1
            elif depth == 0 and not re.match(r"[\w:&*]|::", token):
                break
            elif token in ("{", "}", ";"):
                break
            k -= 1
        return j

    def _brace(self, i):
        end = self._declarator_end(i)
        while end >= 0 and self.tokens[end] in SPECIFIERS:
            end -= 1
        if end >= 0 and self.tokens[end] == "]" and self.introduces_lambda(self.match.get(end, -1)):
            return "lambda"
        if end >= 0 and self.tokens[end] == ")" and end in self.match:
            opened = self.match[end] - 1
            if opened >= 0 and self.tokens[opened] == ">":
                while opened >= 0 and self.tokens[opened] != "]":
                    opened -= 1
            if opened >= 0 and self.tokens[opened] == "]" and self.introduces_lambda(self.match.get(opened, -1)):
                return "lambda"
            return "block"
        if end < 0 or self.tokens[end] in BLOCK_BEFORE:
            return "block"
        k = end
        while k >= 0 and self.tokens[k] not in ("{", "}", ";", "(", ")", "=", "return"):
            if self.tokens[k] in NAMED_BLOCKS:
                return "block"
            k -= 1
        return "initialiser"

    def statement(self, i):
        """Token numbers of the full expression around i, without the bodies of lambdas in it."""
        inside = [i]
        j = i - 1
        while j >= 0 and self.tokens[j] != ";":
            if self.tokens[j] == "}" and j in self.match:
                kind = self.kind[self.match[j]]
                if kind == "block":
                    break
                if kind == "lambda":
                    j = self.match[j] - 1
                    continue
            if self.tokens[j] == "{" and self.kind[j] in ("block", "lambda"):
                break
            inside.append(j)
            j -= 1
        j = i + 1
        while j < len(self.tokens) and self.tokens[j] != ";":
            if self.tokens[j] == "{":
                if self.kind[j] == "block":
                    break
                if self.kind[j] == "lambda":
                    j = self.match.get(j, len(self.tokens)) + 1
                    continue
            if self.tokens[j] == "}" and self.kind.get(self.match.get(j, -1)) in ("block", "lambda", None):
                break
            inside.append(j)
            j += 1
        return sorted(inside)


def _captures_by_value(code, start):
    captured, depth, item = [], 0, []
    for k in range(start + 1, code.match[start]):
        token = code.tokens[k]
        depth += token in ("(", "[", "{", "<")
        depth -= token in (")", "]", "}", ">")
        if token == "," and depth == 0:
            captured.append(item)
            item = []
        else:
            item.append(token)
    captured.append(item)
    return [" ".join(c) for c in captured if c and c[0] != "&" and c != ["this"]]


def check(text):
    """(line, what is wrong) for each violation in one file."""
    code = Code(code_only(text))
    found = set()
    for i, token in enumerate(code.tokens):
        if token not in ("co_await", "co_yield"):
            continue
        for k in code.statement(i):
            if code.introduces_lambda(k):
                for name in _captures_by_value(code, k):
                    found.add((code.lines[k], f"captures {name} by value in a statement with {token}"))
            elif code.tokens[k] == "{" and code.kind[k] == "initialiser":
                found.add((code.lines[k], f"makes an object with braces in a statement with {token}"))
            elif code.tokens[k] == "?":
                found.add((code.lines[k], f"uses ?: in a statement with {token}"))
    return sorted(found)


def violations(tree):
    for path in tree.cpp(*LEVELS, "tests"):
        text = tree.read(path)
        if "co_await" in text or "co_yield" in text:
            for line, what in check(text):
                yield f"{path}:{line}: {what}; give it a name on a line of its own"

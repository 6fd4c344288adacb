"""Catalogs of what people read: the same keys and the same placeholders in all four languages, nothing empty."""
import json
import re

LANGUAGES = ("en", "es", "pt", "fr")
FOLDERS = ("protocol/catalog/", "web/catalog/")
NAME = re.compile(r"^(?P<group>.*?)(?P<language>en|es|pt|fr)\.json$")
PLACEHOLDER = re.compile(r"\{[A-Za-z_]\w*")


def _flat(value, prefix=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{prefix}/{key}")
    else:
        yield prefix, value


def _once(pairs):
    seen = dict(pairs)
    if len(seen) != len(pairs):
        names = [key for key, _ in pairs]
        raise ValueError(f"key given twice: {sorted({n for n in names if names.count(n) > 1})}")
    return seen


def violations(tree):
    for folder in FOLDERS:
        groups = {}
        for path in tree.files():
            if not path.startswith(folder) or not path.endswith(".json"):
                continue
            name = NAME.match(path[len(folder):])
            if not name:
                yield f"{path}:1: the name does not end in en.json, es.json, pt.json or fr.json"
                continue
            try:
                texts = dict(_flat(json.loads(tree.read(path), object_pairs_hook=_once)))
            except ValueError as reason:
                yield f"{path}:1: {reason}"
                continue
            groups.setdefault(name.group("group"), {})[name.group("language")] = texts
        for group, languages in groups.items():
            yield from _compare(folder + group, languages)


def _compare(group, languages):
    for language in LANGUAGES:
        if language not in languages:
            yield f"{group}{language}.json: is missing"
    every = sorted(set().union(*languages.values()))
    for key in every:
        wanted = None
        for language in LANGUAGES:
            texts = languages.get(language)
            if texts is None:
                continue
            where = f"{group}{language}.json"
            if key not in texts:
                yield f"{where}: {key} is missing"
                continue
            text = texts[key]
            if not isinstance(text, str) or not text.strip():
                yield f"{where}: {key} is empty or not a text"
                continue
            holders = sorted(set(PLACEHOLDER.findall(text)))
            if wanted is None:
                wanted = holders
            elif holders != wanted:
                yield f"{where}: {key} has placeholders {holders}, the first language has {wanted}"

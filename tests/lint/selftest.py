#!/usr/bin/env python3
"""Plants violations of every rule in small trees and expects each to be found, and nothing in their clean twins."""
import os
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "deploy", "run"))

import test_summary  # noqa: E402

from rules import catalog, coroutines, formatting, headers, levels, links, shell, sql, tree  # noqa: E402
from rules.source import ProgramMissing, Tree, code_only, string_literals  # noqa: E402

LIBRARIES = "rastro_library(rastro_common PUBLIC fmt::fmt)\n"


def found(rule, files):
    """Violations of a rule in a tree of these files."""
    with tempfile.TemporaryDirectory() as root:
        for name, content in files.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(content)
        looked_at = Tree(root)
        return list(rule(looked_at))


class Planted(unittest.TestCase):
    def refused(self, rule, files, word):
        said = found(rule, files)
        self.assertTrue(any(word in line for line in said), f"{word!r} not found in {said}")

    def accepted(self, rule, files):
        self.assertEqual(found(rule, files), [])


class Levels(Planted):
    def test_upward_and_sideways(self):
        storage = {"storage/a.hpp": "#pragma once\n"}
        for path in ("common/x.cpp", "cases/x.cpp", "protocol/x.cpp"):
            self.refused(levels.violations, storage | {path: '#include "storage/a.hpp"\n'}, "must not see")
        self.accepted(levels.violations, storage | {"server/x.cpp": '#include "storage/a.hpp"\n'})
        self.accepted(levels.violations, storage | {"storage/x.cpp": '#include "storage/a.hpp"\n'})

    def test_commented_include_is_no_include_and_a_missing_one_is_named(self):
        self.refused(levels.violations, {"common/x.cpp": '#include "common/gone.hpp"\n'}, "there is no")
        self.refused(levels.violations, {"common/x.cpp": '#include "x.hpp"\n'}, "named from the root")
        self.accepted(levels.violations, {"common/x.cpp": '// #include "server/gone.hpp"\n'})

    def test_libraries(self):
        for path, header in (("cases/x.cpp", "boost/asio/ip/tcp.hpp"), ("cases/x.cpp", "boost/json.hpp"),
                             ("cases/x.hpp", "openssl/sha.h"), ("cases/x.cpp", "fstream"),
                             ("client/x.cpp", "boost/beast/http.hpp"), ("storage/db/migrator.cpp", "soci/soci.h"),
                             ("storage/trace_repo.cpp", "libpq-fe.h"), ("server/x.cpp", "toml++/toml.h")):
            self.refused(levels.violations, {path: f"#include <{header}>\n"}, header)
        self.accepted(levels.violations, {"server/x.cpp": "#include <boost/beast/http.hpp>\n"})
        self.accepted(levels.violations, {"storage/db/sql.cpp": "#include <soci/soci.h>\n"})

    def test_libraries_reached_through_own_headers(self):
        private = {"storage/db/connection_session.hpp": "#include <soci/soci.h>\n"}
        include = '#include "storage/db/connection_session.hpp"\n'
        self.accepted(levels.violations, private | {"storage/db/sql.cpp": include})
        self.refused(levels.violations, private | {"storage/case_repo.cpp": include}, "through storage/db")

    def test_coroutines_have_their_places(self):
        body = "void f() { co_await g(); }\n"
        self.refused(levels.violations, {"cases/x.cpp": body}, "no coroutines")
        self.refused(levels.violations, {"storage/a.cpp": body, "storage/b.cpp": body}, "one file")
        self.accepted(levels.violations, {"storage/a.cpp": body, "server/b.cpp": body, "server/c.cpp": body})


class Links(Planted):
    def test_links(self):
        common = {"common/CMakeLists.txt": LIBRARIES}
        self.refused(links.violations,
                     {"cases/CMakeLists.txt": "rastro_library(rastro_cases PUBLIC rastro_storage)\n"}, "must not link")
        self.refused(links.violations,
                     {"cases/CMakeLists.txt": "rastro_library(rastro_cases PRIVATE Boost::json)\n"}, "Boost::json")
        include = {"cases/x.cpp": '#include "common/text.hpp"\n'}
        self.refused(links.violations,
                     common | include | {"cases/CMakeLists.txt": "rastro_library(rastro_cases)\n"}, "does not link")
        self.accepted(links.violations, common | include | {
            "cases/CMakeLists.txt": "rastro_library(rastro_cases RECURSE PUBLIC rastro_common)\n"})


class Coroutines(Planted):
    BAD = [
        ("f() { co_await run([s]{ g(); }); }", "captures s"),
        ("f() { co_await run([=]{ g(); }); }", "captures ="),
        ("f() { co_await run([&a, s = std::move(t)]() mutable { g(); }); }", "captures s"),
        ("f() { co_await run(Args{.a = 1}); }", "braces"),
        ("f() { P p{.d = co_await g()}; }", "braces"),
        ("f() { co_return P{1, co_await g()}; }", "braces"),
        ("f() { co_await g(std::vector<std::string>{\"a\"}); }", "braces"),
        ("f() { auto x = c ? co_await a() : co_await b(); }", "?:"),
        ("f() { if (c) { auto x = h({1, 2}, co_await a()); } }", "braces"),
        ("f() { auto l = [&] { co_await run([s] { g(); }); }; }", "captures s"),
        ("auto f() -> awaitable<void> { co_await\n  run(\n Args{1}); }", "braces"),
    ]
    GOOD = [
        "awaitable<void> f() { auto job = [s]{ g(); }; auto op = run(std::move(job)); co_await std::move(op); }",
        "awaitable<void> f() { co_await run([&]{ g(); }); }",
        "awaitable<void> f() { co_await run([this, &a]{ g(T{1}); }); }",
        "awaitable<void> f() { Args args{1}; co_await run(std::move(args)); }",
        "awaitable<void> f() { if (co_await g()) { P p{1}; } else { auto y = a ? b : c; } }",
        "awaitable<void> f() { while (true) { co_await g(); } }",
        "auto f() -> awaitable<std::vector<int>> { co_await g(); co_return std::vector<int>{1}; }",
        "auto f() const noexcept -> awaitable<void> { for (;;) { x = {1}; co_await g(a[i]); } }",
        "awaitable<void> f() { // co_await g(T{1})\n co_await h(\"a ? b : {}\"); }",
        "struct A : B { awaitable<void> f() { co_await g(); } int x{1}; };",
        "awaitable<void> f() { switch (k) { case K::a: co_await g(); break; default: P p{1}; } }",
        "awaitable<void> f() { auto [e, n] = co_await read(b, as_tuple(use_awaitable)); }",
    ]

    def test_bad(self):
        for text, word in self.BAD:
            with self.subTest(text):
                self.refused(coroutines.violations, {"server/x.cpp": text}, word)

    def test_good(self):
        for text in self.GOOD:
            with self.subTest(text):
                self.accepted(coroutines.violations, {"server/x.cpp": text})


class Sql(Planted):
    def test_traps(self):
        for text, word in (('Query q{"select a from b -- all\\n"};', "comment"),
                           ('Query q{R"(select a /* x */ from b)"};', "comment"),
                           ("Query q{R\"(select E'\\n' from b)\"};", "E''"),
                           ('Query q{"select $$it$$ " "from b"};', "dollar"),
                           ('Query q{"with x as (select 1) select a[1:2] from x"};', "slice"),
                           ('auto q = "insert into t " "values (1) -- x";', "comment")):
            with self.subTest(text):
                self.refused(sql.violations, {"storage/x.cpp": text}, word)

    def test_places(self):
        self.refused(sql.violations, {"server/x.cpp": 'q("select id from rastro.leg");'}, "outside storage")
        self.refused(sql.violations, {"cases/x.cpp": 'q("update rastro.leg set x = 1");'}, "outside storage")
        self.refused(sql.violations, {"storage/leg_repo.cpp": 'q("commit");'}, "storage/db only")
        self.accepted(sql.violations, {"storage/db/unit_of_work.cpp": 'q("commit");'})

    def test_good(self):
        for text in ("Query q{\"select a from b where c = '--' and d = :d::jsonb\"};", '// select a -- b\n',
                     "auto s = \"it's $$\";"):
            with self.subTest(text):
                self.accepted(sql.violations, {"storage/x.cpp": text})
        self.accepted(sql.violations, {"server/x.cpp": 'log("select a language"); log("update failed");'})


class InTree(Planted):
    def test_planted(self):
        key = "-----BEGIN " + "PRIVATE KEY-----\n" + "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49" + "\n"
        long = "int x;\n"
        for files, word in (({"certs/a.pem": key}, "private key"),
                            ({"tests/unit/a.cpp": 'auto k = "' + key.replace("\n", "\\n") + '";\n'}, "private key"),
                            ({"certs/server.key": "x"}, "key material"),
                            ({"docs/a.md": "see /wo" + "rk/main\n"}, "path of one machine"),
                            ({"docs/a.md": "see /home/" + "ann/rastro/x\n"}, "path of one machine"),
                            ({"web/package-lock.json": '"https://registry.np' + 'mjs.org/x"'}, "registry"),
                            ({"cases/a.cpp": long * 451}, "at most 450"),
                            ({"tests/unit/a.cpp": long * 601}, "at most 600"),
                            ({"cases/a.cpp": "// TO" + "DO later\n"}, "unfinished"),
                            ({"cases/a.hpp": "#pragma once\nclass TraceManager {};\n"}, "does not say"),
                            ({"cases/string_utils.cpp": "\n"}, "does not say"),
                            ({"cases/a.hpp": "int x;\n"}, "pragma"),
                            ({"cases/a.hpp": "#pragma once\nusing namespace std;\n"}, "using namespace")):
            with self.subTest(word=word, files=list(files)):
                self.refused(tree.violations, files, word)

    def test_good(self):
        self.accepted(tree.violations, {
            "cases/a.cpp": "int x;\n" * 450,
            "tests/unit/a.cpp": "int x;\n" * 600,
            "certs/a.cpp": 'auto begin = "-----BEGIN ' + 'PRIVATE KEY-----";\n',
            "protocol/a.cpp": 'row("/v1/work-items"); row("/v1/x/work/");\n',
        })


class Texts(Planted):
    def test_catalog(self):
        def catalogs(**changed):
            texts = {language: '{"a": "one {n}", "b": {"c": "two"}}' for language in ("en", "es", "pt", "fr")}
            texts.update(changed)
            return {f"protocol/catalog/problems.{k}.json": v for k, v in texts.items() if v is not None}

        self.accepted(catalog.violations, catalogs())
        self.refused(catalog.violations, catalogs(pt=None), "problems.pt.json: is missing")
        self.refused(catalog.violations, catalogs(es='{"a": "uno {n}"}'), "/b/c is missing")
        self.refused(catalog.violations, catalogs(fr='{"a": "un {m}", "b": {"c": "deux"}}'), "placeholders")
        self.refused(catalog.violations, catalogs(fr='{"a": "un {n}", "b": {"c": " "}}'), "empty")
        self.refused(catalog.violations, catalogs(en='{"a": "x {n}", "a": "{n}", "b": {"c": "two"}}'), "twice")

    def test_literals(self):
        text = 'a("x" // "no"\n  "y"); b(R"(c "d")"); c(\'"\'); d("\\"e");'
        self.assertEqual(string_literals(text), [(1, "xy"), (2, 'c "d"'), (2, '"e')])
        self.assertEqual(code_only('f("a;b"); // c\n/* d\n */ g(1\'000);'), 'f("");  \n \n g(1\'000);')


class Programs(Planted):
    def test_format(self):
        try:
            style = "BasedOnStyle: Google\n"
            self.refused(formatting.violations, {".clang-format": style, "common/a.cpp": "int  x;\n"}, "clang-format")
            self.accepted(formatting.violations, {".clang-format": style, "common/a.cpp": "int x;\n"})
        except ProgramMissing as missing:
            self.skipTest(f"{missing} is not installed")

    def test_shell(self):
        try:
            self.refused(shell.violations, {"run": "#!/usr/bin/env bash\nrm $1\n"}, "SC2086")
            self.accepted(shell.violations, {"run": '#!/usr/bin/env bash\nrm "$1"\n'})
        except ProgramMissing as missing:
            self.skipTest(f"{missing} is not installed")

    def test_headers(self):
        try:
            self.refused(headers.violations, {"common/a.hpp": "#pragma once\nstd::string f();\n"}, "alone")
            self.accepted(headers.violations, {"common/a.hpp": "#pragma once\n#include <string>\nstd::string f();\n"})
        except ProgramMissing as missing:
            self.skipTest(f"{missing} is not installed")


class Summary(unittest.TestCase):
    """What ./run test counts from the results of ctest: (passed, failed, skipped)."""

    DOCTEST = "[doctest] test cases: 12 | {} passed | {} failed | 1 skipped"

    def counted(self, status, output, skipped=None):
        case = ElementTree.Element("testcase", status=status)
        ElementTree.SubElement(case, "system-out").text = output
        if skipped:
            ElementTree.SubElement(case, "skipped", message=skipped)
        return test_summary.count(case)

    def test_counts(self):
        self.assertEqual(self.counted("run", self.DOCTEST.format(11, 0)), (11, 0, 0))
        self.assertEqual(self.counted("fail", self.DOCTEST.format(9, 2)), (9, 2, 0))
        self.assertEqual(self.counted("fail", self.DOCTEST.format(11, 0)), (11, 1, 0))  # a leak at exit
        self.assertEqual(self.counted("fail", "Segmentation fault"), (0, 1, 0))
        self.assertEqual(self.counted("run", "levels: 0 violation(s)"), (1, 0, 0))
        self.assertEqual(self.counted("notrun", "", "SKIP_RETURN_CODE=77"), (0, 0, 1))
        self.assertEqual(self.counted("notrun", "", "Unable to find executable: x"), (0, 1, 0))

    def test_nothing_is_not_success(self):
        self.assertEqual(test_summary.main([]), 1)
        self.assertEqual(test_summary.main(["--broken", "1"]), 1)
        self.assertEqual(test_summary.main(["release=/nonexistent"]), 1)


if __name__ == "__main__":
    unittest.main(verbosity=1)

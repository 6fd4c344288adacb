#include "server/net/request_target.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace rastro::server;
using namespace std::string_literals;

namespace {

struct Read {
    std::string target;
    std::string path;
    std::string query;
};

}  // namespace

TEST_CASE("a target in origin form is decoded once") {
    Read const cases[] = {
        {"/", "/", ""},
        {"/v1/traces", "/v1/traces", ""},
        {"/v1/traces?after=5&x=%20y", "/v1/traces", "after=5&x=%20y"},
        {"/a?", "/a", ""},
        {"/a?b?c", "/a", "b?c"},
        {"/%41%2D", "/A-", ""},
        {"/%2541", "/%41", ""},
        {"/caf%C3%A9", "/caf\xc3\xa9", ""},
        {"/a//b", "/a//b", ""},
        {"/...", "/...", ""},
        {"/.well-known/x", "/.well-known/x", ""},
        {"/a?../..", "/a", "../.."},
        {"/a?x[]={b}|^`", "/a", "x[]={b}|^`"},
    };
    for (auto const& each : cases) {
        INFO(each.target);
        auto const target = read_target(each.target);
        REQUIRE(target.has_value());
        CHECK(target->path == each.path);
        CHECK(target->query == each.query);
    }
}

TEST_CASE("targets of other forms, and paths that decoding would change, are refused") {
    std::string const cases[] = {
        "",
        "*",
        "relative",
        "http://host/",
        "https://host/v1/traces",
        "host:443",
        "\\",
        "/a\\b",
        "/a b",
        "/a\tb",
        "/a\0b"s,
        "/caf\xc3\xa9",
        "/\xff",
        "/a#fragment",
        "/a?b#c",
        "/a?b c",
        "/a?\"",
        "/a?<x>",
        "/a?\x80",
        "/a\"b",
        "/<x>",
        "/a[b]",
        "/%",
        "/%4",
        "/%4g",
        "/%g4",
        "/%%41",
        "/a?%",
        "/a?%4",
        "/a?%zz",
        "/%00",
        "/%0a",
        "/%0D%0Ax",
        "/%1f",
        "/%7f",
        "/%2f",
        "/%2Fetc",
        "/%5c",
        "/%ff",
        "/%c0%af",
        "/%ed%a0%80",
        "/..",
        "/.",
        "/a/../b",
        "/a/./b",
        "/a/..",
        "/%2e%2e/x",
        "/%2e",
        "/.%2e/x",
    };
    for (auto const& text : cases) {
        INFO(text);
        CHECK_FALSE(read_target(text).has_value());
    }
}

TEST_CASE("an authority yields its host in lower case, without port and final dot") {
    std::pair<char const*, char const*> const cases[] = {
        {"localhost", "localhost"},
        {"Trace.Example.ORG", "trace.example.org"},
        {"trace.example.org.", "trace.example.org"},
        {"trace.example.org:8443", "trace.example.org"},
        {"127.0.0.1:1", "127.0.0.1"},
        {"[::1]", "[::1]"},
        {"[FE80::A]:443", "[fe80::a]"},
        {"host_name", "host_name"},
        {"a:65535", "a"},
    };
    for (auto const& [text, host] : cases) {
        INFO(text);
        CHECK(read_authority(text).value_or("none") == host);
    }
}

TEST_CASE("what is no authority is refused") {
    std::string const cases[] = {
        "",
        ":443",
        "a:",
        "a:65536",
        "a:-1",
        "a:99999999999999999999",
        "a:80:80",
        "a b",
        "a,b",
        "user@host",
        "user:pass@host",
        "host/path",
        "host?x",
        "http://host",
        "a..b",
        ".",
        ".a",
        "-a",
        "[",
        "[]",
        "[::1",
        "::1",
        "[::g]",
        "[127001]",
        "[::1]x",
        "[::1]:x",
        "a\0b"s,
        "h\xc3\xb6st",
        std::string(254, 'a'),
    };
    for (auto const& text : cases) {
        INFO(text);
        CHECK_FALSE(read_authority(text).has_value());
    }
}

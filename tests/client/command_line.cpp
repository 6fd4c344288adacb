#include "client/command_line.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "client/completion.hpp"
#include "client/help.hpp"

using namespace rastro::client;

namespace {

ParsedCommandLine parsed(std::vector<std::string> const& words) {
    return parse_command_line(words);
}

Arguments arguments_of(std::vector<std::string> const& words) {
    auto result = parsed(words);
    REQUIRE(std::holds_alternative<Invocation>(result));
    return std::get<Invocation>(result).arguments;
}

Spoken spoken(std::vector<std::string> const& words) {
    auto result = parsed(words);
    REQUIRE(std::holds_alternative<Spoken>(result));
    return std::get<Spoken>(result);
}

}  // namespace

TEST_CASE("options of a command and of every command may stand in any order") {
    auto const given = arguments_of({"--json",
                                     "trace",
                                     "submit",
                                     "--serial",
                                     "AB 12",
                                     "--to",
                                     "XB",
                                     "--profile",
                                     "one",
                                     "--to",
                                     "XC",
                                     "--sensitive"});
    CHECK(given.has("json"));
    CHECK(given.text("serial") == "AB 12");
    CHECK(given.all("to") == std::vector<std::string>{"XB", "XC"});
    CHECK(given.text("profile") == "one");
    CHECK(given.has("sensitive"));
    CHECK_FALSE(given.has("request"));
    CHECK(arguments_of({"trace", "submit", "XA-1"}).text("request") == "XA-1");
    CHECK(arguments_of({"certs", "show", "a.pem", "b.pem"}).all("file").size() == 2);
    CHECK(arguments_of({"migrate"}).text_or("action", "up") == "up");
    CHECK(arguments_of({"migrate", "status"}).text("action") == "status");
}

TEST_CASE("each positional takes its own word") {
    for (auto const& command : all_commands()) {
        if (command.passes_arguments) {
            continue;
        }
        auto words = std::vector<std::string>{};
        std::string name;
        for (char c : command.path + " ") {
            if (c == ' ') {
                words.push_back(std::exchange(name, {}));
            } else {
                name += c;
            }
        }
        std::vector<std::pair<std::string, std::string>> given;
        for (auto const& option : command.options) {
            auto const value =
                option.choices.empty() ? "w" + std::to_string(words.size()) : option.choices[0];
            if (option.is_positional()) {
                given.emplace_back(option.name, value);
                words.push_back(value);
            } else if (option.required) {
                words.push_back(option.name);
                words.push_back(value);
            }
        }
        CAPTURE(command.path);
        auto const arguments = arguments_of(words);
        for (auto const& [option, value] : given) {
            CHECK(arguments.all(option) == std::vector<std::string>{value});
        }
    }
    auto const country = arguments_of({"certs", "country", "pki/XA", "XA", "--issuer", "pki/root"});
    CHECK(country.text("folder") == "pki/XA");
    CHECK(country.text("country") == "XA");
}

TEST_CASE("a value that starts with a dash is taken after an equals sign") {
    CHECK(arguments_of({"trace", "draft", "--serial=-12"}).text("serial") == "-12");
}

TEST_CASE("what follows audit verify goes to the verifier unread") {
    auto const rest =
        arguments_of({"audit", "verify", "--export", "-", "--vkey", "k+1+x"}).all("rest");
    CHECK(rest == std::vector<std::string>{"--export", "-", "--vkey", "k+1+x"});
}

TEST_CASE("a wrong command line ends with 2 and says what is near") {
    struct Row {
        std::vector<std::string> words;
        std::string says;
    };
    for (auto const& row : {Row{{"trace", "shwo", "X"}, "Did you mean show?"},
                            Row{{"trace", "list", "--sate", "X"}, "Did you mean --state?"},
                            Row{{"sing-in"}, "Did you mean sign-in?"},
                            Row{{"trace", "show"}, "request is required"},
                            Row{{"trace", "show", "a", "b"}, "not expected: b"},
                            Row{{"trace", "list", "--priority", "soon"}, "routine"},
                            Row{{"trace", "list", "--state"}, "--state"},
                            Row{{"trace", "list", "--state", "A", "--state", "B"}, "--state"},
                            Row{{"trace"}, "usage: rastro trace"}}) {
        auto const answer = spoken(row.words);
        CAPTURE(answer.text);
        CHECK(answer.code == ExitCode::usage);
        CHECK(answer.text.find(row.says) != std::string::npos);
    }
}

TEST_CASE("help is no error, and every command has examples that parse") {
    CHECK(spoken({}).code == ExitCode::ok);
    CHECK(spoken({"--help"}).code == ExitCode::ok);
    CHECK(spoken({"agency", "certificate", "--help"}).text.find("enrol") != std::string::npos);
    for (auto const& command : all_commands()) {
        CAPTURE(command.path);
        CHECK_FALSE(command.summary.empty());
        CHECK_FALSE(command.examples.empty());
        CHECK(command.run);
        for (auto const& example : command.examples) {
            CHECK(example.starts_with("rastro "));
        }
        auto const help = command_help(command, 100);
        for (auto const& option : command.options) {
            CHECK(help.find(option.name) != std::string::npos);
        }
    }
}

TEST_CASE("no command has an option twice or one that every command has") {
    for (auto const& command : all_commands()) {
        if (command.passes_arguments) {
            continue;
        }
        CAPTURE(command.path);
        std::vector<std::string> names;
        for (auto const& option : joined({command.options, global_options()})) {
            CAPTURE(option.name);
            CHECK(std::ranges::find(names, option.name) == names.end());
            names.push_back(option.name);
        }
    }
}

TEST_CASE("the completion of each shell knows every command and every option") {
    auto const quoted = [](std::string const& text) { return "'" + text + "'"; };
    auto const bash = bash_completion();
    auto const zsh = zsh_completion();
    auto const fish = fish_completion();
    for (auto const& command : all_commands()) {
        CAPTURE(command.path);
        CHECK(bash.find(quoted(" " + command.path)) != std::string::npos);
        CHECK(zsh.find(quoted(" " + command.path)) != std::string::npos);
        auto const blank = command.path.rfind(' ');
        auto const parent = blank == std::string::npos ? "" : command.path.substr(0, blank);
        auto const word =
            blank == std::string::npos ? command.path : command.path.substr(blank + 1);
        CHECK(fish.find("__rastro_at \"" + parent + "\"' -a " + quoted(word)) != std::string::npos);
        for (auto const& option : command.options) {
            if (!option.is_positional()) {
                CHECK(bash.find(option.name) != std::string::npos);
                CHECK(zsh.find("'" + option.name + ":") != std::string::npos);
                CHECK(fish.find("-l " + quoted(option.name.substr(2))) != std::string::npos);
            }
        }
    }
}

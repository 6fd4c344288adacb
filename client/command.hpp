// A command of `rastro` as a value: its words, its options, what it says of itself and what runs
// it. The parser, the help, the completion scripts and the tests all work from this list; a command
// that is not in it does not exist.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client/failure.hpp"

namespace rastro::client {

enum class Completion : std::uint8_t { nothing, files, folders };

struct Option {
    std::string name;        // "--priority"; a positional has no dashes: "request"
    std::string value_name;  // "CODE"; empty: a flag
    std::string help;
    bool required = false;
    bool repeated = false;
    std::vector<std::string> choices;  // what it accepts; empty: any text
    Completion completion = Completion::nothing;

    [[nodiscard]] bool is_positional() const noexcept { return !name.starts_with("--"); }
    [[nodiscard]] bool is_flag() const noexcept { return value_name.empty() && !is_positional(); }
};

// What the command line said, by the name of the option ("priority", "request").
class Arguments {
 public:
    void set(std::string const& name, std::vector<std::string> values);
    void set_flag(std::string const& name) { set(name, {"true"}); }

    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] std::string text(std::string_view name) const;  // empty if not given
    [[nodiscard]] std::string text_or(std::string_view name, std::string_view otherwise) const;
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;

 private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

class Context;

struct Command {
    std::string path;     // "trace submit"
    std::string summary;  // one line
    std::string details;  // paragraphs; may be empty
    std::vector<Option> options;
    std::vector<std::string> examples;
    std::function<Result<ExitCode>(Context&)> run;
    bool passes_arguments = false;  // all that follows goes to run() as "rest", unread
};

struct Group {
    std::string path;  // "trace"
    std::string summary;
};

// Every command, in the order of the help.
[[nodiscard]] std::vector<Command> const& all_commands();
[[nodiscard]] std::vector<Group> const& all_groups();
// Options that every command takes.
[[nodiscard]] std::vector<Option> const& global_options();
[[nodiscard]] Command const* find_command(std::string_view path);

// For option lists.
[[nodiscard]] Option positional(std::string name, std::string help);
[[nodiscard]] Option flag(std::string name, std::string help);
[[nodiscard]] Option value(std::string name, std::string value_name, std::string help);
[[nodiscard]] Option required(Option option);
[[nodiscard]] Option repeated(Option option);
[[nodiscard]] Option optional(Option option);
[[nodiscard]] Option one_of(Option option, std::vector<std::string> choices);
[[nodiscard]] Option file(Option option);
[[nodiscard]] Option folder(Option option);
// "--json" -> "json"
[[nodiscard]] std::string key_of(Option const& option);

// Several lists one after the other.
[[nodiscard]] std::vector<Option> joined(std::vector<std::vector<Option>> lists);

}  // namespace rastro::client

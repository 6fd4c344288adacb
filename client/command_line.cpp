#include "client/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include "client/help.hpp"
#include "common/text.hpp"
#include "config/spelling.hpp"

namespace rastro::client {

namespace {

// Where the parser puts what it reads.
struct Slot {
    Option const* option = nullptr;
    std::vector<std::string> values;
    bool set = false;
};

void add_option(CLI::App& app, Option const& option, std::deque<Slot>& slots) {
    auto& slot = slots.emplace_back(Slot{&option, {}, false});
    if (option.is_flag()) {
        app.add_flag(option.name, slot.set, option.help);
        return;
    }
    auto* added = app.add_option(option.name, slot.values, option.help);
    added->type_size(1);
    if (option.repeated && option.is_positional()) {
        added->expected(option.required ? 1 : 0, 1 << 20);
    } else if (option.repeated) {
        // One value each time: what follows belongs to the positionals.
        added->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    } else {
        // Without the first, one positional would take the words of all that follow.
        added->allow_extra_args(false)->expected(1)->multi_option_policy(
            CLI::MultiOptionPolicy::Throw);
    }
    if (option.required) {
        added->required();
    }
    if (!option.choices.empty()) {
        added->check(CLI::IsMember(option.choices));
    }
}

class Parser {
 public:
    explicit Parser(std::size_t width) : width_(width) {
        app_.name("rastro");
        app_.set_help_flag("-h,--help");
        app_.set_version_flag("--version", std::string("rastro ") + RASTRO_VERSION);
        app_.fallthrough();
        for (auto const& option : global_options()) {
            add_option(app_, option, global_slots_);
        }
        for (auto const& group : all_groups()) {
            below(group.path);
        }
        for (auto const& command : all_commands()) {
            add_command(command);
        }
    }

    ParsedCommandLine parse(std::span<std::string const> words) {
        std::vector<std::string> reversed(words.rbegin(), words.rend());
        try {
            app_.parse(std::move(reversed));
        } catch (CLI::CallForHelp const&) {
            return Spoken{ExitCode::ok, help_of(deepest())};
        } catch (CLI::CallForVersion const& version) {
            return Spoken{ExitCode::ok, std::string(version.what()) + "\n"};
        } catch (CLI::ParseError const& fault) {
            auto const path = deepest();
            return Spoken{ExitCode::usage,
                          "rastro: " + std::string(fault.what()) + "\n" + suggestion(path, words) +
                              "Try: rastro" + (path.empty() ? "" : " " + path) + " --help\n"};
        }
        auto const path = deepest();
        auto const* command = find_command(path);
        if (command == nullptr) {
            return Spoken{path.empty() && words.empty() ? ExitCode::ok : ExitCode::usage,
                          help_of(path)};
        }
        return invocation(*command);
    }

 private:
    CLI::App& below(std::string const& path) {
        auto const found = apps_.find(path);
        if (found != apps_.end()) {
            return *found->second;
        }
        auto const blank = path.rfind(' ');
        auto& parent = blank == std::string::npos ? app_ : below(path.substr(0, blank));
        auto* app = parent.add_subcommand(path.substr(blank == std::string::npos ? 0 : blank + 1));
        app->fallthrough();
        apps_[path] = app;
        return *app;
    }

    void add_command(Command const& command) {
        auto& app = below(command.path);
        auto& slots = slots_[command.path];
        for (auto const& option : command.options) {
            if (!command.passes_arguments) {
                add_option(app, option, slots);
            }
        }
    }

    // Path of the innermost subcommand that was named.
    std::string deepest() const {
        std::string path;
        CLI::App const* at = &app_;
        for (bool deeper = true; deeper;) {
            deeper = false;
            auto const named = at->get_subcommands();
            if (!named.empty()) {
                at = named.back();
                path += (path.empty() ? "" : " ") + at->get_name();
                deeper = true;
            }
        }
        return path;
    }

    // "Did you mean" for the word after `path`, or for an option that nobody knows.
    static std::string suggestion(std::string const& path, std::span<std::string const> words) {
        std::vector<std::string> known;
        auto const start = path.empty() ? std::string{} : path + " ";
        for (auto const& command : all_commands()) {
            if (command.path.starts_with(start)) {
                auto const rest = command.path.substr(start.size());
                known.push_back(rest.substr(0, rest.find(' ')));
            }
        }
        if (auto const* command = find_command(path)) {
            for (auto const& option : command->options) {
                known.push_back(option.name);
            }
        }
        for (auto const& option : global_options()) {
            known.push_back(option.name);
        }
        for (auto const& word : words) {
            bool const taken = std::ranges::find(known, word) != known.end() ||
                               (" " + path + " ").find(" " + word + " ") != std::string::npos;
            auto const near = taken ? std::string{} : config::nearest_name(word, known);
            if (!near.empty()) {
                return "Did you mean " + near + "?\n";
            }
        }
        return {};
    }

    std::string help_of(std::string const& path) const {
        auto const* command = find_command(path);
        return command == nullptr ? group_help(path, width_) : command_help(*command, width_);
    }

    static void take(std::deque<Slot> const& slots, Arguments& arguments) {
        for (auto const& slot : slots) {
            if (slot.set) {
                arguments.set_flag(key_of(*slot.option));
            } else if (!slot.values.empty()) {
                arguments.set(key_of(*slot.option), slot.values);
            }
        }
    }

    Invocation invocation(Command const& command) {
        Invocation made{.command = &command, .arguments = {}};
        take(global_slots_, made.arguments);
        take(slots_[command.path], made.arguments);
        return made;
    }

    CLI::App app_;
    std::size_t width_;
    std::map<std::string, CLI::App*> apps_;
    std::deque<Slot> global_slots_;
    std::map<std::string, std::deque<Slot>> slots_;
};

// A command whose arguments are not ours to read: its words come first, all that follows is "rest".
std::optional<ParsedCommandLine> passed_on(std::span<std::string const> words, std::size_t width) {
    for (auto const& command : all_commands()) {
        auto const path = split(command.path, ' ');
        if (!command.passes_arguments || words.size() < path.size() ||
            !std::equal(path.begin(), path.end(), words.begin())) {
            continue;
        }
        auto const rest = words.subspan(path.size());
        if (std::ranges::find(rest, "--help") != rest.end()) {
            return Spoken{ExitCode::ok, command_help(command, width)};
        }
        Invocation made{.command = &command, .arguments = {}};
        made.arguments.set("rest", std::vector<std::string>(rest.begin(), rest.end()));
        return made;
    }
    return std::nullopt;
}

}  // namespace

ParsedCommandLine parse_command_line(std::span<std::string const> words, std::size_t width) {
    if (auto passed = passed_on(words, width)) {
        return std::move(*passed);
    }
    return Parser(width).parse(words);
}

}  // namespace rastro::client

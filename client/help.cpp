#include "client/help.hpp"

#include <algorithm>

#include "client/table.hpp"
#include "common/text.hpp"

namespace rastro::client {

namespace {

constexpr std::size_t kIndent = 2;

std::string shown_name(Option const& option) {
    if (option.is_positional()) {
        return option.name + (option.repeated ? "..." : "");
    }
    return option.is_flag() ? option.name : option.name + " " + option.value_name;
}

std::string shown_help(Option const& option) {
    std::string help = option.help;
    if (!option.choices.empty()) {
        std::string list;
        for (auto const& choice : option.choices) {
            list += (list.empty() ? "" : ", ") + choice;
        }
        help += ": " + list;
    }
    if (option.repeated && !option.is_positional()) {
        help += " (may come again)";
    }
    if (option.required && !option.is_positional()) {
        help += " (required)";
    }
    return help;
}

std::string usage_of(Command const& command) {
    std::string usage = "rastro " + command.path;
    bool others = command.passes_arguments;
    for (auto const& option : command.options) {
        if (option.is_positional()) {
            auto const name = shown_name(option);
            usage += option.required ? " " + name : " [" + name + "]";
        } else if (option.required) {
            usage += " " + shown_name(option);
        } else {
            others = true;
        }
    }
    return usage + (others ? " [options]" : "");
}

void append_options(std::string& text,
                    std::string_view title,
                    std::vector<Option> const& options,
                    bool positionals,
                    std::size_t width) {
    Listing listing;
    for (auto const& option : options) {
        if (option.is_positional() == positionals) {
            listing.add(shown_name(option), shown_help(option));
        }
    }
    if (!listing.empty()) {
        text += "\n" + std::string(title) + "\n" + listing.text(width, kIndent);
    }
}

// "trace submit" is directly below "trace", "agency certificate list" below "agency certificate".
bool is_directly_below(std::string_view path, std::string_view group) {
    if (group.empty()) {
        return path.find(' ') == std::string_view::npos;
    }
    return path.size() > group.size() + 1 && path.starts_with(group) && path[group.size()] == ' ' &&
           path.find(' ', group.size() + 1) == std::string_view::npos;
}

}  // namespace

std::string command_help(Command const& command, std::size_t width) {
    std::string text = "usage: " + usage_of(command) + "\n\n" + command.summary + "\n";
    for (auto paragraph : split(command.details, '\n')) {
        if (!paragraph.empty()) {
            text += "\n" + wrapped_text(paragraph, width);
        }
    }
    append_options(text, "Arguments", command.options, true, width);
    append_options(text, "Options", command.options, false, width);
    if (!command.passes_arguments) {
        append_options(text, "Options of every command", global_options(), false, width);
    }
    if (!command.examples.empty()) {
        text += "\nExamples\n";
        for (auto const& example : command.examples) {
            text += "  " + example + "\n";
        }
    }
    text += "\nExit codes: rastro help exit-codes\n";
    return text;
}

std::string group_help(std::string_view path, std::size_t width) {
    std::string text;
    if (path.empty()) {
        text =
            "usage: rastro COMMAND ...\n\nRastro: firearms trace requests between agencies, from "
            "the command line.\n";
    } else {
        text = "usage: rastro " + std::string(path) + " COMMAND ...\n";
        for (auto const& group : all_groups()) {
            if (group.path == path) {
                text += "\n" + group.summary + "\n";
            }
        }
    }
    Listing listing;
    for (auto const& group : all_groups()) {
        if (is_directly_below(group.path, path) && find_command(group.path) == nullptr) {
            listing.add(group.path + " ...", group.summary);
        }
    }
    Listing commands;
    for (auto const& command : all_commands()) {
        if (is_directly_below(command.path, path) || command.path == path) {
            commands.add(command.path, command.summary);
        }
    }
    if (!commands.empty()) {
        text += "\nCommands\n" + commands.text(width, kIndent);
    }
    if (!listing.empty()) {
        text += "\nGroups of commands\n" + listing.text(width, kIndent);
    }
    if (path.empty()) {
        append_options(text, "Options of every command", global_options(), false, width);
        text += "\nHelp on one: rastro COMMAND --help. Exit codes: rastro help exit-codes\n";
    }
    return text;
}

}  // namespace rastro::client

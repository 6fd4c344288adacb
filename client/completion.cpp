#include "client/completion.hpp"

#include <map>
#include <vector>

#include "client/command.hpp"
#include "common/text.hpp"

namespace rastro::client {

namespace {

struct Word {
    std::string text;
    std::string help;
};

// path ("" for the program itself) -> words that may follow, from the commands and groups.
std::map<std::string, std::vector<Word>> words_below() {
    std::map<std::string, std::vector<Word>> below;
    auto const add = [&](std::string const& path, std::string const& help) {
        auto const blank = path.rfind(' ');
        auto const parent = blank == std::string::npos ? "" : path.substr(0, blank);
        auto const word = blank == std::string::npos ? path : path.substr(blank + 1);
        for (auto const& known : below[parent]) {
            if (known.text == word) {
                return;
            }
        }
        below[parent].push_back({word, help});
    };
    for (auto const& group : all_groups()) {
        add(group.path, group.summary);
    }
    for (auto const& command : all_commands()) {
        add(command.path, command.summary);
    }
    return below;
}

// Inside single quotes of any of the three shells.
std::string quoted(std::string_view text) {
    std::string safe = "'";
    for (char c : text) {
        if (c == '\'') {
            safe += "'\\''";
        } else {
            safe += c;
        }
    }
    return safe + "'";
}

std::string joined_words(std::vector<std::string> const& words) {
    std::string line;
    for (auto const& word : words) {
        line += (line.empty() ? "" : " ") + word;
    }
    return line;
}

// What completes the value of an option, or of the positionals.
std::string bash_reply(Option const& option) {
    if (!option.choices.empty()) {
        return "COMPREPLY=($(compgen -W " + quoted(joined_words(option.choices)) + " -- \"$cur\"))";
    }
    switch (option.completion) {
        case Completion::files:
            return "COMPREPLY=($(compgen -f -- \"$cur\"))";
        case Completion::folders:
            return "COMPREPLY=($(compgen -d -- \"$cur\"))";
        case Completion::nothing:
            break;
    }
    return "COMPREPLY=()";
}

std::vector<std::string> option_names(std::vector<Option> const& options) {
    std::vector<std::string> names;
    for (auto const& option : options) {
        if (!option.is_positional()) {
            names.push_back(option.name);
        }
    }
    return names;
}

std::string options_with_values() {
    std::map<std::string, bool> names;
    for (auto const& option : global_options()) {
        names[option.name] = !option.is_flag();
    }
    for (auto const& command : all_commands()) {
        for (auto const& option : command.options) {
            if (!option.is_positional() && !option.is_flag()) {
                names[option.name] = true;
            }
        }
    }
    std::string line;
    for (auto const& [name, takes] : names) {
        if (takes) {
            line += (line.empty() ? "" : "|") + name;
        }
    }
    return line;
}

}  // namespace

std::string bash_completion() {
    std::string text =
        "# bash completion for rastro: rastro completion bash > "
        "~/.local/share/bash-completion/completions/rastro\n"
        "_rastro() {\n"
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path='' word i "
        "words=''\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        word=${COMP_WORDS[i]}\n"
        "        case $word in\n"
        "            " +
        options_with_values() +
        ") ((i++)); continue ;;\n"
        "            -*) continue ;;\n"
        "        esac\n"
        "        case \"$path $word\" in\n";
    std::string paths;
    std::string values;
    std::string offers;
    for (auto const& [parent, words] : words_below()) {
        std::vector<std::string> list;
        for (auto const& word : words) {
            list.push_back(word.text);
            paths += (paths.empty() ? "" : "|") +
                     quoted(" " + (parent.empty() ? "" : parent + " ") + word.text);
        }
        offers += "        " + quoted(parent.empty() ? "" : " " + parent) +
                  ") words+=" + quoted(" " + joined_words(list)) + " ;;&\n";
    }
    for (auto const& option : global_options()) {
        if (!option.is_flag()) {
            values += "        *" + quoted(":" + option.name) + ") " + bash_reply(option) +
                      "; return ;;\n";
        }
    }
    for (auto const& command : all_commands()) {
        std::string positional_reply;
        for (auto const& option : command.options) {
            if (option.is_positional()) {
                positional_reply = bash_reply(option);
            } else if (!option.is_flag()) {
                values += "        " + quoted(" " + command.path + ":" + option.name) + ") " +
                          bash_reply(option) + "; return ;;\n";
            }
        }
        offers += "        " + quoted(" " + command.path) +
                  ") words+=" + quoted(" " + joined_words(option_names(command.options))) +
                  " ;;&\n";
        if (positional_reply.find("compgen") != std::string::npos) {
            values += "        " + quoted(" " + command.path) + ":*) [[ $cur != -* ]] && { " +
                      positional_reply + "; return; } ;;&\n";
        }
    }
    text += "            " + paths +
            ") path=\"$path $word\" ;;\n"
            "            *) break ;;\n"
            "        esac\n"
            "    done\n"
            "    case \"$path:$prev\" in\n" +
            values +
            "    esac\n"
            "    case \"$path\" in\n" +
            offers + "    esac\n    [[ $cur != -* ]] || words+=" +
            quoted(" --help " + joined_words(option_names(global_options()))) +
            "\n"
            "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
            "}\n"
            "complete -o filenames -F _rastro rastro\n";
    return text;
}

std::string zsh_completion() {
    // zsh reads the same words with their explanations.
    std::string text =
        "#compdef rastro\n"
        "# zsh completion for rastro: rastro completion zsh > a folder of $fpath, as _rastro\n"
        "_rastro() {\n"
        "    local path='' word i\n"
        "    local -a offers\n"
        "    for ((i = 2; i < CURRENT; i++)); do\n"
        "        word=${words[i]}\n"
        "        case $word in\n"
        "            " +
        options_with_values() +
        ") ((i++)); continue ;;\n"
        "            -*) continue ;;\n"
        "        esac\n"
        "        case \"$path $word\" in\n";
    std::string paths;
    std::string offers;
    auto const described = [](std::string const& word, std::string_view help) {
        std::string safe;
        for (char c : word) {
            safe += c == ':' ? "\\:" : std::string(1, c);
        }
        return quoted(safe + ":" + std::string(help));
    };
    for (auto const& [parent, words] : words_below()) {
        offers += "        " + quoted(parent.empty() ? "" : " " + parent) + ") offers=(";
        for (auto const& word : words) {
            paths += (paths.empty() ? "" : "|") +
                     quoted(" " + (parent.empty() ? "" : parent + " ") + word.text);
            offers += " " + described(word.text, word.help);
        }
        offers += ") ;;\n";
    }
    for (auto const& command : all_commands()) {
        if (words_below().contains(command.path)) {
            continue;
        }
        offers += "        " + quoted(" " + command.path) + ") offers=(";
        for (auto const& option : command.options) {
            if (!option.is_positional()) {
                offers += " " + described(option.name, option.help);
            }
        }
        offers += ") ;;\n";
    }
    text += "            " + paths +
            ") path=\"$path $word\" ;;\n"
            "            *) break ;;\n"
            "        esac\n"
            "    done\n"
            "    case \"$path\" in\n" +
            offers +
            "    esac\n"
            "    if [[ ${words[CURRENT]} == -* ]]; then\n"
            "        offers+=(";
    for (auto const& option : global_options()) {
        text += " " + described(option.name, option.help);
    }
    text +=
        ")\n"
        "    fi\n"
        "    _describe 'rastro' offers\n"
        "    [[ ${words[CURRENT]} == -* ]] || _files\n"
        "}\n"
        "compdef _rastro rastro\n";
    return text;
}

std::string fish_completion() {
    std::string text =
        "# fish completion for rastro: rastro completion fish > "
        "~/.config/fish/completions/rastro.fish\n"
        "function __rastro_at\n"
        "    set -l path\n"
        "    set -l skip 0\n"
        "    for word in (commandline -opc)[2..-1]\n"
        "        if test $skip = 1\n"
        "            set skip 0\n"
        "            continue\n"
        "        end\n"
        "        switch $word\n"
        "            case ";
    std::string with_values = options_with_values();
    for (auto& c : with_values) {
        c = c == '|' ? ' ' : c;
    }
    text += with_values +
            "\n                set skip 1\n"
            "            case '-*'\n"
            "            case '*'\n"
            "                set path $path $word\n"
            "        end\n"
            "    end\n"
            "    set -l want (string split -n ' ' -- $argv[1])\n"
            "    test (count $want) -eq 0; and test (count $path) -eq 0; and return 0\n"
            "    test (count $want) -gt 0; and test (count $path) -ge (count $want)\n"
            "    and test \"$path[1..\"(count $want)\"]\" = \"$argv[1]\"\n"
            "    and begin\n"
            "        test (count $argv) -gt 1; or test (count $path) -eq (count $want)\n"
            "    end\n"
            "end\n"
            "complete -c rastro -f\n";
    for (auto const& [parent, words] : words_below()) {
        for (auto const& word : words) {
            text += "complete -c rastro -n " + quoted("__rastro_at \"" + parent + "\"") + " -a " +
                    quoted(word.text) + " -d " + quoted(word.help) + "\n";
        }
    }
    auto const option_line = [](std::string const& condition, Option const& option) {
        std::string line = "complete -c rastro" + condition + " -l " +
                           quoted(option.name.substr(2)) + " -d " + quoted(option.help);
        if (!option.choices.empty()) {
            line += " -x -a " + quoted(joined_words(option.choices));
        } else if (option.completion != Completion::nothing) {
            line += " -r -F";
        } else if (!option.is_flag()) {
            line += " -x";
        }
        return line + "\n";
    };
    for (auto const& option : global_options()) {
        text += option_line("", option);
    }
    for (auto const& command : all_commands()) {
        auto const here = " -n " + quoted("__rastro_at \"" + command.path + "\" below");
        for (auto const& option : command.options) {
            if (!option.is_positional()) {
                text += option_line(here, option);
            } else if (option.completion != Completion::nothing) {
                text += "complete -c rastro" + here + " -F\n";
            }
        }
    }
    return text;
}

}  // namespace rastro::client

#include "config/example.hpp"

#include <algorithm>

#include "config/keys.hpp"

namespace rastro::config {

namespace {

constexpr std::size_t line_width = 110;

std::string wrapped_comment(std::string_view text) {
    std::string out;
    std::string line = "#";
    while (!text.empty()) {
        auto const space = std::min(text.find(' '), text.size());
        auto const word = text.substr(0, space);
        if (line.size() + 1 + word.size() > line_width) {
            out += line + "\n";
            line = "#";
        }
        line += " " + std::string(word);
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    return out + line + "\n";
}

std::string assignment(KeyRow const& key, std::string_view name) {
    auto text = wrapped_comment(key.help);
    if (key.secret) {
        return text + "#   only as RASTRO_DATABASE__PASSWORD in the environment\n";
    }
    if (!key.choices.empty()) {
        std::string all;
        for (auto const choice : key.choices) {
            all += (all.empty() ? "" : ", ") + std::string(choice);
        }
        text += "#   one of: " + all + "\n";
    }
    return text + "#" + std::string(name) + " = " + to_toml(key, built_in_value(key)) + "\n";
}

}  // namespace

std::string example_text() {
    std::string out =
        "# Settings of rastrod. Every line that is commented out shows the built-in value.\n"
        "# Later sources win: this file, conf.d/*.toml beside it, the environment (net.max_body "
        "is\n"
        "# RASTRO_NET__MAX_BODY), the command line (--set net.max_body=2MiB).\n"
        "# Durations: 250ms, 30s, 15m, 12h, 90d. Sizes: 512B, 16KiB, 1MiB. Relative paths start at "
        "this file.\n"
        "\n"
        "# One [[listeners]] block for each address; a file that has any replaces all said "
        "before.\n"
        "#[[listeners]]\n";
    for (auto const& key : listener_keys()) {
        out += assignment(key, key.name);
    }
    std::string section;
    for (auto const& key : settings_keys()) {
        auto const dot = key.name.find('.');
        if (key.name.substr(0, dot) != section) {
            section = key.name.substr(0, dot);
            out += "\n[" + section + "]\n";
        }
        out += assignment(key, std::string_view(key.name).substr(dot + 1));
    }
    return out;
}

std::string shown_text(std::vector<Shown> const& shown, bool with_origin) {
    std::size_t width = 0;
    for (auto const& row : shown) {
        width = std::max(width, row.name.size() + 3 + row.value.size());
    }
    std::string out;
    for (auto const& row : shown) {
        auto line = row.name + " = " + row.value;
        if (with_origin) {
            line.append(width + 2 - line.size(), ' ');
            line += "# " + row.origin;
        }
        out += line + "\n";
    }
    return out;
}

}  // namespace rastro::config

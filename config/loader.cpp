#include "config/loader.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <sstream>

#include "common/text.hpp"
#include "config/keys.hpp"
#include "config/spelling.hpp"
#include "config/toml_reader.hpp"

extern char** environ;  // POSIX 8.1; declared by no standard header

namespace rastro::config {

namespace {

constexpr std::string_view list_prefix = "listeners.";
constexpr std::size_t most_listeners = 64;

// The row of a key, and which listener it is about.
struct Place {
    KeyRow const* row = nullptr;
    std::optional<std::size_t> listener;
};

template <class Keys>
auto const* find_key(Keys const& keys, std::string_view name) {
    auto const found =
        std::find_if(keys.begin(), keys.end(), [&](auto const& key) { return key.name == name; });
    return found == keys.end() ? nullptr : &*found;
}

std::optional<std::pair<std::size_t, std::string_view>> split_listener(std::string_view name) {
    if (!name.starts_with(list_prefix)) {
        return std::nullopt;
    }
    name.remove_prefix(list_prefix.size());
    std::size_t index = 0;
    auto const [rest, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (error != std::errc{} || rest == name.data() + name.size() || *rest != '.' ||
        index >= most_listeners) {
        return std::nullopt;
    }
    name.remove_prefix(static_cast<std::size_t>(rest - name.data()) + 1);
    return std::pair(index, name);
}

Place place_of(std::string_view name) {
    if (auto const listener = split_listener(name)) {
        return {find_key(listener_keys(), listener->second), listener->first};
    }
    return {find_key(settings_keys(), name), std::nullopt};
}

std::string unknown_text(std::string const& name) {
    std::vector<std::string> known;
    for (auto const& key : settings_keys()) {
        known.push_back(key.name);
    }
    auto const listener = split_listener(name);
    for (auto const& key : listener_keys()) {
        known.push_back("listeners." + std::to_string(listener ? listener->first : 0) + "." +
                        key.name);
    }
    auto const nearest = nearest_name(name, known);
    return name + " is no setting" + (nearest.empty() ? "" : "; did you mean " + nearest + "?");
}

Value absolute_paths(KeyRow const& row, Value value, Path const& folder) {
    auto const absolute = [&](std::string const& text) {
        return text.empty() || folder.empty() ? text : (folder / text).lexically_normal().string();
    };
    if (row.type == ValueType::path) {
        return absolute(std::get<std::string>(value));
    }
    if (row.type == ValueType::paths) {
        auto parts = std::get<std::vector<std::string>>(std::move(value));
        std::transform(parts.begin(), parts.end(), parts.begin(), absolute);
        return parts;
    }
    return value;
}

class Loading {
 public:
    Loading() {
        for (auto const& key : listener_keys()) {
            held_[std::string(list_prefix) + "0." + key.name] = {built_in_value(key), "built-in"};
        }
    }

    void file(Path const& path, bool must_exist) {
        std::error_code unknown;
        if (!std::filesystem::exists(path, unknown) && !unknown) {
            if (must_exist) {
                fault(path.string(), "there is no such file");
            }
            return;
        }
        std::ifstream stream(path, std::ios::binary);
        std::ostringstream text;
        text << stream.rdbuf();
        if (!stream || !std::filesystem::is_regular_file(path, unknown)) {
            fault(path.string(), "the file cannot be read");
            return;
        }
        auto const reading = read_toml(text.str());
        auto const where = [&](unsigned line) {
            return path.string() + ":" + std::to_string(line);
        };
        if (!reading.fault.empty()) {
            fault(where(reading.fault_line), reading.fault);
        }
        for (auto const& name : reading.table_lists) {
            if (name == "listeners") {
                forget_listeners();
            }
        }
        auto const folder = std::filesystem::absolute(path).parent_path();
        for (auto const& entry : reading.entries) {
            auto const* list = std::get_if<std::vector<std::string>>(&entry.value);
            if (entry.key == "listeners" && list != nullptr && list->empty()) {
                forget_listeners();
                continue;
            }
            auto const place = known_place(entry.key, where(entry.line));
            if (place.row == nullptr) {
                continue;
            }
            if (place.row->secret) {
                fault(where(entry.line),
                      entry.key + " is a secret; give it by the environment or a file of its own");
                continue;
            }
            hold(entry.key,
                 *place.row,
                 read_value(*place.row, entry.value),
                 where(entry.line),
                 folder);
        }
    }

    void folder(Path const& path) {
        std::vector<Path> files;
        std::error_code error;
        for (std::filesystem::directory_iterator at(path, error), end; !error && at != end;
             at.increment(error)) {
            if (at->path().extension() == ".toml") {
                files.push_back(at->path());
            }
        }
        if (error && error != std::errc::no_such_file_or_directory) {
            fault(path.string(), "the folder cannot be read: " + error.message());
        }
        std::sort(files.begin(), files.end());
        for (auto const& one : files) {
            file(one, true);
        }
    }

    void variable(std::string const& name, std::string const& text) {
        constexpr std::string_view prefix = "RASTRO_";
        if (!name.starts_with(prefix) || name.find("__") == std::string::npos) {
            return;
        }
        auto key = to_lower_ascii(std::string_view(name).substr(prefix.size()));
        for (auto at = key.find("__"); at != std::string::npos; at = key.find("__", at)) {
            key.replace(at, 2, ".");
        }
        auto const where = "environment " + name;
        if (auto const place = known_place(key, where); place.row != nullptr) {
            hold(key,
                 *place.row,
                 read_text(*place.row, text),
                 where,
                 std::filesystem::current_path());
        }
    }

    void override_with(std::string const& assignment) {
        auto const equals = assignment.find('=');
        auto const key = std::string(trim(std::string_view(assignment).substr(0, equals)));
        auto const where = "--set " + key;
        if (equals == std::string::npos) {
            fault(where, "must be key=value");
            return;
        }
        auto const place = known_place(key, where);
        if (place.row == nullptr) {
            return;
        }
        if (place.row->secret) {
            fault(where, key + " is a secret; every user of the machine can read a command line");
            return;
        }
        hold(key,
             *place.row,
             read_text(*place.row, std::string_view(assignment).substr(equals + 1)),
             where,
             std::filesystem::current_path());
    }

    Configuration finish() {
        Configuration result;
        auto& settings = result.settings;
        for (auto const& key : settings_keys()) {
            take(settings, key, key.name, result.shown);
        }
        std::size_t count = 0;
        for (auto const& [name, held] : held_) {
            if (auto const listener = split_listener(name)) {
                count = std::max(count, listener->first + 1);
            }
        }
        for (std::size_t i = 0; i < count; ++i) {
            auto const prefix = std::string(list_prefix) + std::to_string(i) + ".";
            auto const first = held_.lower_bound(prefix);
            if (first == held_.end() || !first->first.starts_with(prefix)) {
                fault("listeners",
                      "listener " + std::to_string(i) + " is missing before a later one");
                continue;
            }
            auto& listener = settings.listeners.emplace_back();
            for (auto const& key : listener_keys()) {
                take(listener, key, prefix + key.name, result.shown);
            }
        }
        if (faults_.empty()) {
            for (auto const& [key, text] : contradictions_of(settings)) {
                auto const found = held_.find(key);
                fault(found == held_.end() ? "built-in" : found->second.origin, key + " " + text);
            }
        }
        result.faults = std::move(faults_);
        return result;
    }

 private:
    struct Held {
        Value value;
        std::string origin;
    };

    void fault(std::string where, std::string text) {
        faults_.push_back({std::move(where), std::move(text)});
    }

    Place known_place(std::string const& key, std::string const& where) {
        auto const place = place_of(key);
        if (place.row == nullptr) {
            fault(where, unknown_text(key));
        }
        return place;
    }

    void hold(std::string const& key,
              KeyRow const& row,
              Reading reading,
              std::string const& where,
              Path const& base) {
        if (auto const* text = std::get_if<std::string>(&reading)) {
            fault(where, key + " " + *text);
            return;
        }
        held_[key] = {absolute_paths(row, std::get<Value>(std::move(reading)), base), where};
    }

    void forget_listeners() {
        std::erase_if(held_, [](auto const& row) { return row.first.starts_with(list_prefix); });
    }

    template <class Root>
    void take(Root& root,
              Key<Root> const& key,
              std::string const& name,
              std::vector<Shown>& shown) const {
        auto const found = held_.find(name);
        auto const held =
            found == held_.end() ? Held{built_in_value(key), "built-in"} : found->second;
        key.store(root, held.value);
        auto text = to_toml(key, held.value);
        if (key.secret && text != toml_string("")) {
            text = toml_string("***");
        }
        shown.push_back({name, std::move(text), held.origin});
    }

    std::map<std::string, Held> held_;
    std::vector<Fault> faults_;
};

}  // namespace

Sources system_sources(std::optional<Path> file, std::vector<std::string> overrides) {
    Sources sources;
    if (file) {
        sources.file = std::move(*file);
        sources.file_must_exist = true;
    }
    for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
        std::string_view const pair(*at);
        if (auto const equals = pair.find('='); equals != std::string_view::npos) {
            sources.environment.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
        }
    }
    std::sort(sources.environment.begin(), sources.environment.end());
    sources.overrides = std::move(overrides);
    return sources;
}

Configuration load(Sources const& sources) {
    Loading loading;
    loading.file(sources.file, sources.file_must_exist);
    loading.folder(std::filesystem::absolute(sources.file).parent_path() / "conf.d");
    for (auto const& [name, text] : sources.environment) {
        loading.variable(name, text);
    }
    for (auto const& assignment : sources.overrides) {
        loading.override_with(assignment);
    }
    return loading.finish();
}

Outcome<std::string> database_password(DatabaseSettings const& settings) {
    if (!settings.password.empty() || settings.password_file.empty()) {
        return settings.password;
    }
    std::error_code error;
    auto const status = std::filesystem::status(settings.password_file, error);
    if (!std::filesystem::is_regular_file(status)) {
        return Problem(ProblemCode::not_found, "no file " + settings.password_file.string());
    }
    using std::filesystem::perms;
    if ((status.permissions() & (perms::group_all | perms::others_all)) != perms::none) {
        return Problem(ProblemCode::forbidden,
                       "others may read " + settings.password_file.string() +
                           "; its mode must be 0600 or 0400");
    }
    std::ifstream stream(settings.password_file);
    std::string line;
    if (!std::getline(stream, line) || line.empty()) {
        return Problem(ProblemCode::validation_failed,
                       "no password in " + settings.password_file.string());
    }
    return line;
}

}  // namespace rastro::config

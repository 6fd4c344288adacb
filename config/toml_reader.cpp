#include "config/toml_reader.hpp"

#include <toml++/toml.h>

#include <algorithm>

namespace rastro::config {

namespace {

class Flattening {
 public:
    explicit Flattening(TomlReading& reading) : reading_(reading) {}

    void table(toml::table const& table, std::string const& prefix) {
        for (auto const& [key, node] : table) {
            auto const name = prefix + std::string(key.str());
            if (auto const* inner = node.as_table()) {
                this->table(*inner, name + ".");
            } else if (auto const* list = node.as_array();
                       list != nullptr && is_table_list(*list)) {
                table_list(*list, name);
            } else {
                reading_.entries.push_back({name, raw(node), key.source().begin.line});
            }
        }
    }

 private:
    static bool is_table_list(toml::array const& list) {
        return !list.empty() && list.is_homogeneous(toml::node_type::table);
    }

    void table_list(toml::array const& list, std::string const& name) {
        reading_.table_lists.push_back(name);
        std::size_t index = 0;
        for (auto const& node : list) {
            table(*node.as_table(), name + "." + std::to_string(index++) + ".");
        }
    }

    static RawValue raw(toml::node const& node) {
        switch (node.type()) {
            case toml::node_type::boolean:
                return node.as_boolean()->get();
            case toml::node_type::integer:
                return node.as_integer()->get();
            case toml::node_type::string:
                return node.as_string()->get();
            case toml::node_type::array: {
                std::vector<std::string> parts;
                for (auto const& part : *node.as_array()) {
                    if (!part.is_string()) {
                        return Unsupported{"list of other things than texts"};
                    }
                    parts.push_back(part.as_string()->get());
                }
                return parts;
            }
            case toml::node_type::floating_point:
                return Unsupported{"decimal fraction"};
            default:
                return Unsupported{"date or time"};
        }
    }

    TomlReading& reading_;
};

}  // namespace

TomlReading read_toml(std::string_view text) {
    TomlReading reading;
    try {
        Flattening(reading).table(toml::parse(text), "");
    } catch (toml::parse_error const& error) {
        reading.entries.clear();
        reading.table_lists.clear();
        reading.fault = error.description();
        reading.fault_line = error.source().begin.line;
        return reading;
    }
    std::stable_sort(reading.entries.begin(),
                     reading.entries.end(),
                     [](auto const& a, auto const& b) { return a.line < b.line; });
    return reading;
}

}  // namespace rastro::config

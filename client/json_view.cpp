#include "client/json_view.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "client/table.hpp"
#include "common/text.hpp"
#include "common/time_text.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

bool is_scalar(json::value const& value) {
    return !value.is_object() && !value.is_array();
}

std::string text_of(json::value const& value) {
    if (value.is_null()) {
        return {};
    }
    if (value.is_string()) {
        return std::string(value.get_string());
    }
    if (value.is_array()) {
        std::string joined;
        for (auto const& item : value.get_array()) {
            if (!is_scalar(item)) {
                return json::serialize(value);
            }
            joined += (joined.empty() ? "" : ", ") + text_of(item);
        }
        return joined;
    }
    return json::serialize(value);
}

bool says_nothing(json::value const& value) {
    return value.is_null() || (value.is_string() && value.get_string().empty()) ||
           (value.is_array() && value.get_array().empty()) ||
           (value.is_object() && value.get_object().empty());
}

bool is_table(json::value const& value) {
    return value.is_array() && !value.get_array().empty() &&
           std::ranges::all_of(value.get_array(),
                               [](auto const& item) { return item.is_object(); });
}

std::string table_of_objects(json::array const& items, std::size_t width) {
    std::vector<std::string> members;
    for (auto const& item : items) {
        for (auto const& member : item.get_object()) {
            std::string const name(member.key());
            if (!says_nothing(member.value()) &&
                std::ranges::find(members, name) == members.end()) {
                members.push_back(name);
            }
        }
    }
    std::vector<ColumnOf> columns;
    for (auto const& name : members) {
        columns.push_back({label_of(name), {"/" + name}});
    }
    std::vector<json::value const*> rows;
    for (auto const& item : items) {
        rows.push_back(&item);
    }
    return table_of(rows, columns, width);
}

void append_object(std::string& text,
                   json::object const& object,
                   std::string const& path,
                   std::size_t width) {
    Listing listing;
    for (auto const& member : object) {
        bool const section = member.value().is_object() || is_table(member.value());
        if (!section && !says_nothing(member.value())) {
            listing.add(label_of(member.key()), short_time(text_of(member.value())));
        }
    }
    text += listing.text(width);
    for (auto const& member : object) {
        auto const& value = member.value();
        if (says_nothing(value) || !(value.is_object() || is_table(value))) {
            continue;
        }
        auto const title = path.empty() ? label_of(member.key())
                                        : path + " / " + to_lower_ascii(label_of(member.key()));
        text += (text.empty() ? "" : "\n") + title + "\n";
        if (value.is_object()) {
            append_object(text, value.get_object(), title, width);
        } else {
            text += table_of_objects(value.get_array(), width);
        }
    }
}

}  // namespace

json::value const* find_at(json::value const& document, std::string_view pointer) {
    boost::system::error_code fault;
    return document.find_pointer(pointer, fault);
}

std::string text_at(json::value const& document, std::string_view pointer) {
    auto const* found = find_at(document, pointer);
    return found == nullptr ? std::string{} : text_of(*found);
}

std::vector<json::value const*> items_at(json::value const& document, std::string_view pointer) {
    std::vector<json::value const*> items;
    auto const* found = find_at(document, pointer);
    if (found != nullptr && found->is_array()) {
        for (auto const& item : found->get_array()) {
            items.push_back(&item);
        }
    }
    return items;
}

void set_at(json::value& document, std::string_view pointer, json::value value) {
    auto* at = &document;
    auto const names = split(pointer.substr(1), '/');
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (at->is_null()) {
            at->emplace_object();
        }
        if (!at->is_object()) {
            throw std::logic_error("no object at " + std::string(pointer));
        }
        at = &at->get_object()[names[i]];
    }
    *at = std::move(value);
}

std::string document_text(json::value const& document, std::size_t width) {
    std::string text;
    if (document.is_object()) {
        append_object(text, document.get_object(), {}, width);
    } else if (is_table(document)) {
        text = table_of_objects(document.get_array(), width);
    } else if (!document.is_null()) {
        text = printable(text_of(document)) + "\n";
    }
    return text;
}

std::string table_of(std::vector<json::value const*> const& rows,
                     std::vector<ColumnOf> const& columns,
                     std::size_t width) {
    std::vector<std::string> headings;
    for (auto const& column : columns) {
        headings.push_back(column.heading);
    }
    Table table(headings);
    for (auto const* row : rows) {
        std::vector<std::string> cells;
        for (auto const& column : columns) {
            std::string cell;
            for (auto const& pointer : column.pointers) {
                cell = short_time(text_at(*row, pointer));
                if (!cell.empty()) {
                    break;
                }
            }
            cells.push_back(std::move(cell));
        }
        table.add(std::move(cells));
    }
    return table.text(width);
}

std::string short_time(std::string_view text) {
    if (text.size() < 20 || text[10] != 'T' || !parse_rfc3339(text)) {
        return std::string(text);
    }
    bool const utc = text.ends_with('Z');
    return std::string(text.substr(0, 10)) + " " + std::string(text.substr(11, 5)) +
           (utc ? "Z" : std::string(text.substr(text.size() - 6)));
}

std::string label_of(std::string_view member) {
    std::string label(member);
    std::ranges::replace(label, '_', ' ');
    if (!label.empty()) {
        label[0] = to_upper_ascii(label.substr(0, 1))[0];
    }
    return label;
}

}  // namespace rastro::client

#include "storage/db/insert_batch.hpp"

#include <stdexcept>

namespace rastro::storage {

// Arrays inside arrays would be flattened by unnest, so array (and jsonb) columns travel as text
// and are cast by row.
InsertShape::InsertShape(std::string_view table, std::vector<InsertColumn> columns)
    : name_("insert_" + std::string(table)), columns_(std::move(columns)) {
    std::string names;
    std::string selected;
    std::string arrays;
    for (auto const& column : columns_) {
        bool const by_text =
            column.type.ends_with("[]") || column.type == "jsonb" || column.type == "json";
        auto const comma = names.empty() ? "" : ", ";
        names += comma + std::string(column.name);
        selected += comma + std::string("x.") + std::string(column.name);
        if (by_text) {
            selected += "::" + std::string(column.type);
        }
        arrays += comma + std::string(":") + std::string(column.name) +
                  "::" + (by_text ? "text" : std::string(column.type)) + "[]";
    }
    text_ = "insert into " + std::string(table) + " (" + names + ") select " + selected +
            " from unnest(" + arrays + ") as x(" + names + ")";
}

void InsertBatch::row(std::initializer_list<Value> values) {
    if (values.size() != arrays_.size()) {
        throw std::logic_error("row of " + std::string(shape_.query().name) +
                               " has another number of values");
    }
    std::size_t i = 0;
    for (auto const& value : values) {
        if (value.is_null()) {
            arrays_[i].add_null();
        } else {
            arrays_[i].add(value.text());
        }
        ++i;
    }
    ++rows_;
}

BoundQuery InsertBatch::take() {
    BoundQuery bound{shape_.query(), {}};
    for (std::size_t i = 0; i < arrays_.size(); ++i) {
        bound.params.push_back({shape_.columns()[i].name, arrays_[i].take()});
    }
    rows_ = 0;
    return bound;
}

}  // namespace rastro::storage

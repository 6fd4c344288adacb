// Many rows into one table by one statement: INSERT ... SELECT FROM unnest(...), prepared once. The
// way of writing rows in this program, whether one or a thousand.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "storage/db/sql.hpp"

namespace rastro::storage {

// A column and its PostgreSQL type, array types included ("uuid", "timestamptz", "text[]",
// "jsonb").
struct InsertColumn {
    std::string_view name;
    std::string_view type;
};

// Table and columns; build once, keep (static): statements are prepared under its name.
class InsertShape {
 public:
    InsertShape(std::string_view table, std::vector<InsertColumn> columns);
    [[nodiscard]] Query query() const noexcept { return {name_, text_}; }
    [[nodiscard]] std::vector<InsertColumn> const& columns() const noexcept { return columns_; }

 private:
    std::string name_;
    std::string text_;
    std::vector<InsertColumn> columns_;
};

class InsertBatch {
 public:
    explicit InsertBatch(InsertShape const& shape)
        : shape_(shape), arrays_(shape.columns().size()) {}

    // Values in the order of the columns; a wrong count is std::logic_error.
    void row(std::initializer_list<Value> values);
    [[nodiscard]] bool empty() const noexcept { return rows_ == 0; }
    // The statement with all rows; the batch is empty afterwards.
    [[nodiscard]] BoundQuery take();

 private:
    InsertShape const& shape_;
    std::vector<ArrayText> arrays_;
    std::size_t rows_ = 0;
};

}  // namespace rastro::storage

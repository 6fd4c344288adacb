#include "storage/db/insert_batch.hpp"

#include <stdexcept>
#include <utility>

namespace rastro::storage {

namespace {
std::vector<InsertShape const*>& shapes() {
    static std::vector<InsertShape const*> known;
    return known;
}
}  // namespace

std::vector<InsertShape const*> const& InsertShape::all() {
    return shapes();
}

InsertShape::InsertShape(char const* table, std::initializer_list<char const*> columns)
    : table_(table),
      columns_(columns.begin(), columns.end()),
      name_(std::string("insert_") + table) {
    shapes().push_back(this);
    std::string names;
    std::string selected;
    for (auto const column : columns_) {
        std::string const comma = names.empty() ? "" : ", ";
        names += comma;
        names += column;
        selected += comma + "x.";
        selected += column;
    }
    text_ = "insert into " + std::string(table_) + " (" + names + ") select " + selected +
            " from unnest(:rows::new_" + std::string(table_) + "[]) as x";
}

InsertShape::~InsertShape() {
    std::erase(shapes(), this);
}

void InsertBatch::row(std::initializer_list<Cell> cells) {
    if (cells.size() != shape_.columns().size()) {
        throw std::logic_error("row of " + std::string(shape_.query().name) +
                               " has another number of fields");
    }
    ++count_;
    for (auto const& cell : cells) {
        cell.append_to(cells_);
    }
}

BoundQuery InsertBatch::take() {
    BoundQuery bound{shape_.query(), {}};
    bound.params.push_back({"rows", take_rows()});
    return bound;
}

Value InsertBatch::take_rows() {
    return Value::rows(shape_.table(), std::exchange(count_, 0), std::exchange(cells_, {}));
}

}  // namespace rastro::storage

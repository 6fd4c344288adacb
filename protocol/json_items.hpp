// The shape of every list (anchors/ecosystem.md 3.1): {"items":[...],"next":"cursor"}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/json_writer.hpp"

namespace rastro::protocol {

// `append`(std::string&, Item const&) appends one JSON value. `next` is left out when empty: the
// last page.
template <class Item, class Append>
[[nodiscard]] std::string write_items(std::vector<Item> const& items,
                                      Append append,
                                      std::string_view next) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.begin_array("items");
    for (auto const& item : items) {
        std::string one;
        append(one, item);
        json.element_raw(one);
    }
    json.end_array();
    json.text_if("next", next);
    json.end_object();
    return out;
}

}  // namespace rastro::protocol

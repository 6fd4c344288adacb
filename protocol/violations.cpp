#include "protocol/violations.hpp"

namespace rastro::protocol {

void append_pointer_token(std::string& pointer, std::string_view name) {
    pointer.push_back('/');
    for (char const c : name) {
        if (c == '~') {
            pointer += "~0";
        } else if (c == '/') {
            pointer += "~1";
        } else {
            pointer.push_back(c);
        }
    }
}

std::string Place::pointer() const {
    if (parent_ == nullptr) {
        return {};
    }
    auto text = parent_->pointer();
    if (is_index_) {
        append_pointer_token(text, std::to_string(index_));
    } else {
        append_pointer_token(text, name_);
    }
    return text;
}

std::string Place::pointer_to(std::string_view member) const {
    auto text = pointer();
    append_pointer_token(text, member);
    return text;
}

}  // namespace rastro::protocol

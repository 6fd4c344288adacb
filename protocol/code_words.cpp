#include "protocol/code_words.hpp"

#include <algorithm>

#include "cases/trace/code_lists.hpp"

namespace rastro::protocol {

std::string CodeWords::word(std::string const& key) const {
    return std::string(catalog_text(language_, key).value_or(key));
}

std::string CodeWords::filled(std::string const& key, std::vector<std::string> const& with) const {
    return fill_placeholders(word(key), with);
}

std::string CodeWords::word_or(std::string const& area, std::string const& name) const {
    return std::string(catalog_text(language_, area + name).value_or(name));
}

std::string CodeWords::code_name(std::string_view list, std::string const& code) const {
    auto const* codes = cases::find_code_list(list);
    if (codes == nullptr) {
        return code;
    }
    auto const found = std::ranges::find(*codes, code, &cases::CodeName::code);
    if (found == codes->end()) {
        return code;
    }
    auto const& name = language_ == Language::en   ? found->en
                       : language_ == Language::es ? found->es
                       : language_ == Language::pt ? found->pt
                                                   : found->fr;
    return name.empty() ? code : name;
}

}  // namespace rastro::protocol

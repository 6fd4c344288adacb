// Names of codes and words of the catalogue in one language, as documents need them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/catalog.hpp"

namespace rastro::protocol {

class CodeWords {
 public:
    explicit CodeWords(Language language) : language_(language) {}

    // The text of a key; the key itself where there is none.
    [[nodiscard]] std::string word(std::string const& key) const;
    [[nodiscard]] std::string filled(std::string const& key,
                                     std::vector<std::string> const& with) const;
    // The text of area + name, else the name itself ("UNTOC 5").
    [[nodiscard]] std::string word_or(std::string const& area, std::string const& name) const;
    // Name of a code of a list (config/reference); the code where it has none.
    [[nodiscard]] std::string code_name(std::string_view list, std::string const& code) const;
    [[nodiscard]] Language language() const noexcept { return language_; }

 private:
    Language language_;
};

}  // namespace rastro::protocol

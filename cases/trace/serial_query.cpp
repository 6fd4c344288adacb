#include "cases/trace/serial_query.hpp"

#include <algorithm>

#include "cases/trace/serial.hpp"
#include "cases/trace/text_fold.hpp"

namespace rastro::cases {

namespace {

constexpr std::size_t kMaxElements = 64;
constexpr std::size_t kMaxBytes = 256;

std::optional<std::size_t> symbol_index(char c) {
    if (c >= '0' && c <= '9') {
        return static_cast<std::size_t>(c - '0');
    }
    if (c >= 'A' && c <= 'Z') {
        return static_cast<std::size_t>(c - 'A') + 10;
    }
    return std::nullopt;
}

char symbol_at(std::size_t index) {
    return static_cast<char>(index < 10 ? '0' + static_cast<int>(index)
                                        : 'A' + static_cast<int>(index) - 10);
}

std::string symbols_of(std::bitset<36> const& allowed) {
    std::string out;
    for (std::size_t i = 0; i < allowed.size(); ++i) {
        if (allowed.test(i)) {
            out.push_back(symbol_at(i));
        }
    }
    return out;
}

Problem refused(std::string code) {
    return {ProblemCode::validation_failed,
            std::vector<Violation>{{"query:/serial", std::move(code), {}}}};
}

bool is_known(SerialQuery::Element const& element) {
    return element.part == SerialQuery::Part::one_of && element.allowed.count() == 1;
}

}  // namespace

Outcome<SerialQuery> parse_serial_query(std::string_view text) {
    if (text.size() > kMaxBytes) {
        return refused("serial_query_too_long");
    }
    SerialQuery query;
    std::optional<std::bitset<36>> group;
    for (char c : fold_text(text)) {
        auto const index = symbol_index(c);
        if (group) {
            if (c == '}' && group->any()) {
                query.elements_.push_back({SerialQuery::Part::one_of, *group});
                group.reset();
            } else if (index) {
                group->set(*index);
            } else if (c == '}' || c == '{' || c == '?' || c == '*') {
                return refused("serial_query_brace");
            }
        } else if (c == '{') {
            group.emplace();
        } else if (c == '}') {
            return refused("serial_query_brace");
        } else if (c == '?') {
            query.elements_.push_back({SerialQuery::Part::any_one, {}});
        } else if (c == '*') {
            bool const repeated = !query.elements_.empty() &&
                                  query.elements_.back().part == SerialQuery::Part::any_run;
            if (!repeated) {
                query.elements_.push_back({SerialQuery::Part::any_run, {}});
            }
        } else if (index) {
            std::bitset<36> one;
            query.elements_.push_back({SerialQuery::Part::one_of, one.set(*index)});
        }
    }
    if (group) {
        return refused("serial_query_brace");
    }
    if (query.elements_.empty()) {
        return refused("serial_query_empty");
    }
    if (query.elements_.size() > kMaxElements) {
        return refused("serial_query_too_long");
    }
    if (std::ranges::count_if(query.elements_, is_known) < 3) {
        return refused("serial_query_few_known");
    }
    if (query.longest_known_run().size() < 2) {
        return refused("serial_query_none_adjacent");
    }
    return query;
}

bool SerialQuery::matches(std::string_view canon) const {
    return fits(elements_, canon);
}

bool SerialQuery::matches_look_alike(std::string_view canon) const {
    auto folded = elements_;
    for (auto& element : folded) {
        std::bitset<36> glyphs;
        for (char c : serial_skeleton_of(symbols_of(element.allowed))) {
            glyphs.set(symbol_index(c).value_or(0));
        }
        element.allowed = glyphs;
    }
    return fits(folded, serial_skeleton_of(canon));
}

std::optional<char> SerialQuery::look_alike_of(Element const& element) {
    if (element.part != Part::one_of) {
        return std::nullopt;
    }
    auto const glyphs = serial_skeleton_of(symbols_of(element.allowed));
    bool const one = std::ranges::all_of(glyphs, [&](char c) { return c == glyphs.front(); });
    return one ? std::optional<char>(glyphs.front()) : std::nullopt;
}

bool SerialQuery::fits(std::vector<Element> const& elements, std::string_view canon) {
    // reachable[i]: the elements so far can consume exactly the first i characters.
    std::vector<bool> reachable(canon.size() + 1, false);
    reachable[0] = true;
    for (auto const& element : elements) {
        std::vector<bool> next(canon.size() + 1, false);
        if (element.part == Part::any_run) {
            bool seen = false;
            for (std::size_t i = 0; i <= canon.size(); ++i) {
                seen = seen || reachable[i];
                next[i] = seen;
            }
        } else {
            for (std::size_t i = 0; i < canon.size(); ++i) {
                auto const index = symbol_index(canon[i]);
                bool const good =
                    element.part == Part::any_one || (index && element.allowed.test(*index));
                next[i + 1] = reachable[i] && good;
            }
        }
        reachable = std::move(next);
    }
    return reachable[canon.size()];
}

std::string SerialQuery::to_string() const {
    std::string out;
    for (auto const& element : elements_) {
        switch (element.part) {
            case Part::any_one:
                out.push_back('?');
                break;
            case Part::any_run:
                out.push_back('*');
                break;
            case Part::one_of: {
                auto const symbols = symbols_of(element.allowed);
                out += symbols.size() == 1 ? symbols : "{" + symbols + "}";
                break;
            }
        }
    }
    return out;
}

bool SerialQuery::has_wildcards() const noexcept {
    return !std::ranges::all_of(elements_, is_known);
}

std::string SerialQuery::longest_known_run() const {
    std::string best;
    std::string run;
    for (auto const& element : elements_) {
        run = is_known(element) ? run + symbols_of(element.allowed) : std::string{};
        if (run.size() > best.size()) {
            best = run;
        }
    }
    return best;
}

}  // namespace rastro::cases

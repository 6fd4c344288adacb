#include "cases/linked/conflict_wall.hpp"

#include <algorithm>
#include <optional>

#include "cases/linked/identifiers.hpp"
#include "cases/trace/text_fold.hpp"
#include "common/text.hpp"

namespace rastro::cases {

namespace {

std::vector<std::string> sounds(std::string_view name) {
    std::vector<std::string> words;
    auto const key = phonetic_name_key(name);
    if (!key.empty()) {
        for (auto const word : split(key, ' ')) {
            words.emplace_back(word);
        }
    }
    return words;  // sorted
}

bool same_name(std::string_view a, std::string_view b) {
    auto const one = sounds(a);
    auto const two = sounds(b);
    bool const enough = std::min(one.size(), two.size()) >= 2;
    return enough && (std::ranges::includes(one, two) || std::ranges::includes(two, one));
}

bool same_document(std::string_view a, std::string_view b) {
    auto const one = letters_and_digits(fold_text(a));
    return !one.empty() && one == letters_and_digits(fold_text(b));
}

std::optional<WallGround> ground_of(WallPerson const& person, StaffMember const& member) {
    if (same_document(person.document_no, member.document_no)) {
        return WallGround::document;
    }
    if (same_name(person.name, member.name)) {
        return WallGround::name;
    }
    bool const related = std::ranges::any_of(
        member.relatives, [&](auto const& relative) { return same_name(person.name, relative); });
    return related ? std::optional(WallGround::relative) : std::nullopt;
}

}  // namespace

std::vector<WallHit> conflict_wall(std::vector<WallPerson> const& persons,
                                   std::vector<StaffMember> const& staff) {
    std::vector<WallHit> hits;
    for (auto const& member : staff) {
        for (auto const& person : persons) {
            if (auto const ground = ground_of(person, member)) {
                hits.push_back({member.user_id, *ground});
                break;
            }
        }
    }
    return hits;
}

}  // namespace rastro::cases

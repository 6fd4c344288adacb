// Whether somebody on the own staff is a person of interest of a corruption case, or a declared
// relative of one: who is hit sees nothing of the case, not even that it exists. Compared by sound
// of the name and by number of the document; a near name is enough, because the wall errs on the
// safe side. Source: domain/linked-cases.md 4.5 (conflict wall) and 12 item 11.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rastro::cases {

struct StaffMember {
    std::string user_id;
    std::string name;
    std::string document_no;             // may be empty
    std::vector<std::string> relatives;  // names declared
};
struct WallPerson {
    std::string name;
    std::string document_no;
};

enum class WallGround : std::uint8_t { name, document, relative };
struct WallHit {
    std::string user_id;
    WallGround ground = WallGround::name;
};
// Each member of staff at most once, by the first ground in the order document, name, relative.
// A name hits if one holds all the words of the other, two at least.
[[nodiscard]] std::vector<WallHit> conflict_wall(std::vector<WallPerson> const& persons,
                                                 std::vector<StaffMember> const& staff);

}  // namespace rastro::cases

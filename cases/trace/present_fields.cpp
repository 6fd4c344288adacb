#include "cases/trace/present_fields.hpp"

#include <algorithm>

#include "common/text.hpp"

namespace rastro::cases {

std::set<std::string, std::less<>> present_fields(TraceRequestContent const& c) {
    // Those with a default are always there.
    std::set<std::string, std::less<>> present{
        "priority", "purpose", "forward_consent", "sensitive", "firearm.importer_mark_absent"};
    auto const add = [&](char const* name, bool there) {
        if (there) {
            present.emplace(name);
        }
    };
    auto const text = [&](char const* name, std::string const& value) {
        add(name, !trim(value).empty());
    };
    auto const has_person = [&](PersonRole role) {
        return std::ranges::any_of(c.persons,
                                   [&](auto const& person) { return person.role == role; });
    };
    add("urgent_ground", c.urgent_ground.has_value());
    text("urgent_justification", c.urgent_justification);
    text("legal_basis", c.legal_basis);
    text("agreement", c.agreement);
    text("intended_use", c.intended_use);
    add("illicit_ground", c.illicit_ground.has_value());
    text("restrictions_asked", c.restrictions_asked);
    text("offence_code", c.offence_code);
    text("project_code", c.project_code);
    text("special_instructions", c.special_instructions);
    add("requested_groups", !c.requested_groups.empty());
    text("handling_code", c.handling_code);
    text("agency_case_no", c.agency_case_no);
    text("requester_name", c.requester_name);
    text("badge_no", c.badge_no);
    text("unit", c.unit);
    text("contact", c.contact);
    text("firearm.serial_raw", c.firearm.serial_raw);
    add("firearm.serial_condition", c.firearm.serial_condition.has_value());
    text("firearm.make_id", c.firearm.make_id);
    text("firearm.make_text", c.firearm.make_text);
    add("firearm.type_code", c.firearm.type_code.has_value());
    text("firearm.calibre_id", c.firearm.calibre_id);
    text("firearm.calibre_text", c.firearm.calibre_text);
    text("firearm.model_text", c.firearm.model_text);
    text("firearm.origin_country", c.firearm.origin_country);
    text("firearm.importer_text", c.firearm.importer_text);
    text("firearm.import_country", c.firearm.import_country);
    add("firearm.obliteration", c.firearm.obliteration.has_value());
    add("firearm.marks", !c.firearm.marks.empty());
    add("recovery.recovered_on", c.recovery.recovered_on.has_value());
    text("recovery.country", c.recovery.country);
    text("recovery.area", c.recovery.area);
    text("recovery.place", c.recovery.place);
    text("recovery.circumstances", c.recovery.circumstances);
    add("recovery.crime_gun", c.recovery.crime_gun.has_value());
    add("possessor", has_person(PersonRole::possessor));
    add("associates", has_person(PersonRole::associate));
    add("vehicle", c.vehicle.has_value());
    return present;
}

}  // namespace rastro::cases

// A record of the register with every member, and with as few as there can be.
#pragma once

#include "protocol/record_json.hpp"
#include "tests/unit/protocol/openapi_samples.hpp"

namespace rastro::test {

[[nodiscard]] inline protocol::RecordMessage record_of_register(bool full) {
    protocol::RecordMessage made;
    made.number = kNumber;
    made.state = "CLEARED";
    made.owner_agency = kAsked;
    made.entered_at = made.updated_at = sample_time();
    made.entered_by = UserId::generate().to_string();
    made.record.firearm.serial_raw = "AB12345";
    made.record.firearm.type_code = cases::TypeCode::pistol;
    made.record.agency_case_no = "C-1";
    made.record.legal_basis = "Act";
    if (!full) {
        return made;
    }
    auto& firearm = made.record.firearm;
    firearm.make_text = "Glock";
    firearm.make_id = "glock-at";
    firearm.calibre_text = "9x19";
    firearm.calibre_id = "9x19";
    firearm.model_text = "17";
    firearm.origin_country = firearm.import_country = "XB";
    firearm.importer_text = "Importer";
    firearm.remarks = "Worn";
    made.record.event_on = made.record.valid_until = sample_date();
    made.record.event_country = "XB";
    made.record.handling_text = "Ask first";
    made.confirmed_by = made.entered_by;
    made.confirmed_at = made.due_at = made.cleared_at = sample_time();
    made.clear_reason = "recovered";
    made.next_steps = {"confirm"};
    return made;
}

}  // namespace rastro::test

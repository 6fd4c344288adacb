#include "storage/trace_parts.hpp"

#include "cases/trace/serial.hpp"
#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

InsertShape const kDescriptionShape("firearm_description",
                                    {"case_id",
                                     "version",
                                     "stated_by",
                                     "stated_at",
                                     "change_reason",
                                     "serial_raw",
                                     "serial_condition",
                                     "serial_canon",
                                     "serial_skeleton",
                                     "serial_ncic",
                                     "serial_core",
                                     "make_text",
                                     "make_id",
                                     "model_text",
                                     "calibre_text",
                                     "calibre_id",
                                     "calibre_group",
                                     "type_code",
                                     "type_text",
                                     "origin_country",
                                     "importer_text",
                                     "importer_id",
                                     "importer_mark_absent",
                                     "import_country",
                                     "import_country_text",
                                     "obliteration_method",
                                     "partial_characters",
                                     "lab_result",
                                     "lab_case_no",
                                     "restored_serial",
                                     "remarks"});

InsertShape const kMarkShape(
    "mark", {"case_id", "description_version", "seq", "kind", "place", "text", "state", "remarks"});

InsertShape const kRecoveryShape("recovery",
                                 {"case_id",
                                  "recovered_on",
                                  "date_precision",
                                  "country",
                                  "area",
                                  "place",
                                  "latitude",
                                  "longitude",
                                  "circumstances",
                                  "crime_gun",
                                  "context",
                                  "seizure_ref",
                                  "custody_ref"});

InsertShape const kPersonShape("case_person",
                               {"case_id",
                                "seq",
                                "role",
                                "family_name",
                                "given_names",
                                "alias",
                                "sex",
                                "birth_date",
                                "birth_place",
                                "nationality",
                                "id_kind",
                                "id_number",
                                "address",
                                "relation",
                                "remarks"});

InsertShape const kVehicleShape("case_vehicle",
                                {"case_id", "plate", "plate_country", "vin", "description"});

template <class Code>
Cell code_or_null(std::optional<Code> const& code) {
    return code ? Cell(code_of(*code)) : Cell(std::nullopt);
}

}  // namespace

Value bytes_or_null(std::optional<Digest> const& digest) {
    return digest ? Value(Bytes(digest->begin(), digest->end())) : Value(std::nullopt);
}

Value date_or_null(std::optional<Date> const& date) {
    return date ? Value(to_iso_date(*date)) : Value(std::nullopt);
}

std::vector<std::string> recipient_texts(std::vector<cases::Recipient> const& recipients) {
    std::vector<std::string> texts;
    for (auto const& recipient : recipients) {
        texts.push_back(recipient.agency.empty() ? "country:" + recipient.country
                                                 : "agency:" + recipient.agency);
    }
    return texts;
}

std::vector<cases::Recipient> recipients_from(std::vector<std::string> const& texts) {
    std::vector<cases::Recipient> recipients;
    for (auto const& text : texts) {
        cases::Recipient recipient;
        (text.starts_with("agency:") ? recipient.agency : recipient.country) =
            text.substr(text.find(':') + 1);
        recipients.push_back(std::move(recipient));
    }
    return recipients;
}

PartBatches::PartBatches()
    : descriptions_(kDescriptionShape),
      marks_(kMarkShape),
      recoveries_(kRecoveryShape),
      persons_(kPersonShape),
      vehicles_(kVehicleShape) {}

void PartBatches::add(TraceCase const& file,
                      cases::TraceRequestContent const& content,
                      std::string const& calibre_group) {
    add_description(file.case_id,
                    file.description_version,
                    file.owner_agency,
                    file.updated_at,
                    "",
                    content.firearm,
                    calibre_group);
    add_recovery(file.case_id, content.recovery);
    add_persons(file.case_id, content);
}

void PartBatches::add_description(CaseId const& case_id,
                                  int version,
                                  std::string const& stated_by,
                                  Instant stated_at,
                                  std::string const& reason,
                                  cases::FirearmDescription const& d,
                                  std::string const& calibre_group) {
    // Only a serial that was read gives search forms; a placeholder has none.
    bool const readable = !d.serial_raw.empty() && !cases::recognise_placeholder(d.serial_raw);
    auto const forms = readable ? cases::serial_forms(d.serial_raw) : cases::SerialForms{};
    auto const& o = d.obliteration;
    descriptions_.row({case_id,
                       version,
                       stated_by,
                       stated_at,
                       Cell::said(reason),
                       Cell::said(d.serial_raw),
                       code_or_null(d.serial_condition),
                       Cell::said(forms.canon),
                       Cell::said(forms.skeleton),
                       Cell::said(forms.ncic),
                       Cell::said(forms.core),
                       Cell::said(d.make_text),
                       Cell::said(d.make_id),
                       Cell::said(d.model_text),
                       Cell::said(d.calibre_text),
                       Cell::said(d.calibre_id),
                       Cell::said(calibre_group),
                       code_or_null(d.type_code),
                       Cell::said(d.type_text),
                       Cell::said(d.origin_country),
                       Cell::said(d.importer_text),
                       Cell::said(d.importer_id),
                       d.importer_mark_absent,
                       Cell::said(d.import_country),
                       Cell::said(d.import_country_text),
                       o ? Cell(code_of(o->method)) : Cell(std::nullopt),
                       o ? Cell::said(o->partial_characters) : Cell(std::nullopt),
                       o ? Cell(code_of(o->lab_result)) : Cell(std::nullopt),
                       o ? Cell::said(o->lab_case_no) : Cell(std::nullopt),
                       o ? Cell::said(o->restored_serial) : Cell(std::nullopt),
                       Cell::said(d.remarks)});
    int seq = 0;
    for (auto const& mark : d.marks) {
        marks_.row({case_id,
                    version,
                    ++seq,
                    code_of(mark.kind),
                    code_or_null(mark.place),
                    Cell::said(mark.text),
                    code_or_null(mark.state),
                    Cell::said(mark.remarks)});
    }
}

void PartBatches::add_recovery(CaseId const& case_id, cases::Recovery const& r) {
    recoveries_.row({case_id,
                     r.recovered_on,
                     code_of(r.date_precision),
                     Cell::said(r.country),
                     Cell::said(r.area),
                     Cell::said(r.place),
                     r.latitude,
                     r.longitude,
                     Cell::said(r.circumstances),
                     r.crime_gun,
                     r.context,
                     Cell::said(r.seizure_ref),
                     Cell::said(r.custody_ref)});
}

void PartBatches::add_persons(CaseId const& case_id, cases::TraceRequestContent const& content) {
    int seq = 0;
    for (auto const& p : content.persons) {
        persons_.row({case_id,
                      ++seq,
                      code_of(p.role),
                      Cell::said(p.family_name),
                      Cell::said(p.given_names),
                      Cell::said(p.alias),
                      Cell::said(p.sex),
                      p.birth_date,
                      Cell::said(p.birth_place),
                      Cell::said(p.nationality),
                      Cell::said(p.id_kind),
                      Cell::said(p.id_number),
                      Cell::said(p.address),
                      Cell::said(p.relation),
                      Cell::said(p.remarks)});
    }
    if (auto const& v = content.vehicle) {
        vehicles_.row({case_id,
                       Cell::said(v->plate),
                       Cell::said(v->plate_country),
                       Cell::said(v->vin),
                       Cell::said(v->description)});
    }
}

void PartBatches::take_into(std::vector<BoundQuery>& queries) {
    for (auto* batch : {&descriptions_, &marks_, &recoveries_, &persons_, &vehicles_}) {
        if (!batch->empty()) {
            queries.push_back(batch->take());
        }
    }
}

void PartBatches::take_rows_into(std::vector<Param>& params) {
    params.push_back({"descriptions", descriptions_.take_rows()});
    params.push_back({"marks", marks_.take_rows()});
    params.push_back({"recoveries", recoveries_.take_rows()});
    params.push_back({"persons", persons_.take_rows()});
    params.push_back({"vehicles", vehicles_.take_rows()});
}

InsertShape const kEventShape("case_event",
                              {"case_id",     "event_id",   "leg_id",        "object",
                               "event",       "transition", "from_state",    "to_state",
                               "actor_kind",  "actor_id",   "agency",        "country",
                               "occurred_at", "purpose",    "decision_id",   "reason_code",
                               "data",        "shared",     "previous_hash", "event_hash"});

InsertShape const& event_shape() {
    return kEventShape;
}

void add_event_row(InsertBatch& batch, CaseEvent const& e) {
    batch.row({e.case_id,
               e.event_id,
               e.leg_id,
               e.object,
               e.event,
               Cell::said(e.transition),
               Cell::said(e.from_state),
               Cell::said(e.to_state),
               e.actor_kind,
               Cell::said(e.actor_id),
               e.agency,
               e.country,
               e.occurred_at,
               Cell::said(e.purpose),
               Cell::said(e.decision_id),
               Cell::said(e.reason_code),
               e.data,
               e.shared,
               e.previous_hash,
               e.event_hash});
}

InsertShape const kDeadlineShape("deadline",
                                 {"case_id",
                                  "deadline_id",
                                  "leg_id",
                                  "clock",
                                  "stage",
                                  "cycle",
                                  "state",
                                  "started_at",
                                  "due_at"});

InsertShape const& deadline_shape() {
    return kDeadlineShape;
}

void add_deadline_row(InsertBatch& batch, DeadlineRow const& d) {
    batch.row({d.case_id,
               d.deadline_id,
               d.leg_id,
               d.clock,
               d.stage,
               d.cycle,
               d.state,
               d.started_at,
               d.due_at});
}

InsertShape const kLegShape("leg",
                            {"case_id",
                             "leg_id",
                             "asking_agency",
                             "asking_country",
                             "asked_agency",
                             "asked_country",
                             "backup_agency",
                             "state",
                             "flags",
                             "open",
                             "version",
                             "priority",
                             "path",
                             "hop",
                             "parent_leg_id",
                             "description_version",
                             "due_at",
                             "routed_at",
                             "updated_at"});

InsertShape const& leg_shape() {
    return kLegShape;
}

void add_leg_row(InsertBatch& batch, LegRow const& l) {
    batch.row({l.case_id,
               l.leg_id,
               l.asking_agency,
               l.asking_country,
               l.asked_agency,
               l.asked_country,
               Cell::said(l.backup_agency),
               l.state,
               l.flags,
               l.open,
               l.version,
               l.priority,
               l.path,
               l.hop,
               l.parent_leg_id,
               l.description_version,
               l.due_at,
               l.routed_at,
               l.updated_at});
}

}  // namespace rastro::storage

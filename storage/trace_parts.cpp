#include "storage/trace_parts.hpp"

#include "cases/trace/serial.hpp"
#include "common/time_text.hpp"

namespace rastro::storage {

namespace {

InsertShape const& description_shape() {
    static InsertShape const shape("firearm_description",
                                   {{"case_id", "uuid"},
                                    {"version", "integer"},
                                    {"stated_by", "text"},
                                    {"stated_at", "timestamptz"},
                                    {"change_reason", "text"},
                                    {"serial_raw", "text"},
                                    {"serial_condition", "text"},
                                    {"serial_canon", "text"},
                                    {"serial_skeleton", "text"},
                                    {"serial_ncic", "text"},
                                    {"serial_core", "text"},
                                    {"make_text", "text"},
                                    {"make_id", "text"},
                                    {"model_text", "text"},
                                    {"calibre_text", "text"},
                                    {"calibre_id", "text"},
                                    {"calibre_group", "text"},
                                    {"type_code", "text"},
                                    {"type_text", "text"},
                                    {"origin_country", "text"},
                                    {"importer_text", "text"},
                                    {"importer_id", "text"},
                                    {"importer_mark_absent", "boolean"},
                                    {"import_country", "text"},
                                    {"import_country_text", "text"},
                                    {"obliteration_method", "text"},
                                    {"partial_characters", "text"},
                                    {"lab_result", "text"},
                                    {"lab_case_no", "text"},
                                    {"restored_serial", "text"},
                                    {"remarks", "text"}});
    return shape;
}

InsertShape const& mark_shape() {
    static InsertShape const shape("mark",
                                   {{"case_id", "uuid"},
                                    {"description_version", "integer"},
                                    {"seq", "smallint"},
                                    {"kind", "text"},
                                    {"place", "text"},
                                    {"text", "text"},
                                    {"state", "text"},
                                    {"remarks", "text"}});
    return shape;
}

InsertShape const& recovery_shape() {
    static InsertShape const shape("recovery",
                                   {{"case_id", "uuid"},
                                    {"recovered_on", "date"},
                                    {"date_precision", "text"},
                                    {"country", "text"},
                                    {"area", "text"},
                                    {"place", "text"},
                                    {"latitude", "double precision"},
                                    {"longitude", "double precision"},
                                    {"circumstances", "text"},
                                    {"crime_gun", "boolean"},
                                    {"context", "text[]"},
                                    {"seizure_ref", "text"},
                                    {"custody_ref", "text"}});
    return shape;
}

InsertShape const& person_shape() {
    static InsertShape const shape("case_person",
                                   {{"case_id", "uuid"},
                                    {"seq", "smallint"},
                                    {"role", "text"},
                                    {"family_name", "text"},
                                    {"given_names", "text"},
                                    {"alias", "text"},
                                    {"sex", "text"},
                                    {"birth_date", "date"},
                                    {"birth_place", "text"},
                                    {"nationality", "text"},
                                    {"id_kind", "text"},
                                    {"id_number", "text"},
                                    {"address", "text"},
                                    {"relation", "text"},
                                    {"remarks", "text"}});
    return shape;
}

InsertShape const& vehicle_shape() {
    static InsertShape const shape("case_vehicle",
                                   {{"case_id", "uuid"},
                                    {"plate", "text"},
                                    {"plate_country", "text"},
                                    {"vin", "text"},
                                    {"description", "text"}});
    return shape;
}

template <class Code>
Value code_or_null(std::optional<Code> const& code) {
    return code ? Value(code_of(*code)) : Value(std::nullopt);
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
    : descriptions_(description_shape()),
      marks_(mark_shape()),
      recoveries_(recovery_shape()),
      persons_(person_shape()),
      vehicles_(vehicle_shape()) {}

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
                       text_or_null(reason),
                       text_or_null(d.serial_raw),
                       code_or_null(d.serial_condition),
                       text_or_null(forms.canon),
                       text_or_null(forms.skeleton),
                       text_or_null(forms.ncic),
                       text_or_null(forms.core),
                       text_or_null(d.make_text),
                       text_or_null(d.make_id),
                       text_or_null(d.model_text),
                       text_or_null(d.calibre_text),
                       text_or_null(d.calibre_id),
                       text_or_null(calibre_group),
                       code_or_null(d.type_code),
                       text_or_null(d.type_text),
                       text_or_null(d.origin_country),
                       text_or_null(d.importer_text),
                       text_or_null(d.importer_id),
                       d.importer_mark_absent,
                       text_or_null(d.import_country),
                       text_or_null(d.import_country_text),
                       o ? Value(code_of(o->method)) : Value(std::nullopt),
                       o ? text_or_null(o->partial_characters) : Value(std::nullopt),
                       o ? Value(code_of(o->lab_result)) : Value(std::nullopt),
                       o ? text_or_null(o->lab_case_no) : Value(std::nullopt),
                       o ? text_or_null(o->restored_serial) : Value(std::nullopt),
                       text_or_null(d.remarks)});
    int seq = 0;
    for (auto const& mark : d.marks) {
        marks_.row({case_id,
                    version,
                    ++seq,
                    code_of(mark.kind),
                    code_or_null(mark.place),
                    text_or_null(mark.text),
                    code_or_null(mark.state),
                    text_or_null(mark.remarks)});
    }
}

void PartBatches::add_recovery(CaseId const& case_id, cases::Recovery const& r) {
    recoveries_.row({case_id,
                     date_or_null(r.recovered_on),
                     code_of(r.date_precision),
                     text_or_null(r.country),
                     text_or_null(r.area),
                     text_or_null(r.place),
                     r.latitude,
                     r.longitude,
                     text_or_null(r.circumstances),
                     r.crime_gun,
                     r.context,
                     text_or_null(r.seizure_ref),
                     text_or_null(r.custody_ref)});
}

void PartBatches::add_persons(CaseId const& case_id, cases::TraceRequestContent const& content) {
    int seq = 0;
    for (auto const& p : content.persons) {
        persons_.row({case_id,
                      ++seq,
                      code_of(p.role),
                      text_or_null(p.family_name),
                      text_or_null(p.given_names),
                      text_or_null(p.alias),
                      text_or_null(p.sex),
                      date_or_null(p.birth_date),
                      text_or_null(p.birth_place),
                      text_or_null(p.nationality),
                      text_or_null(p.id_kind),
                      text_or_null(p.id_number),
                      text_or_null(p.address),
                      text_or_null(p.relation),
                      text_or_null(p.remarks)});
    }
    if (auto const& v = content.vehicle) {
        vehicles_.row({case_id,
                       text_or_null(v->plate),
                       text_or_null(v->plate_country),
                       text_or_null(v->vin),
                       text_or_null(v->description)});
    }
}

void PartBatches::take_into(std::vector<BoundQuery>& queries) {
    for (auto* batch : {&descriptions_, &marks_, &recoveries_, &persons_, &vehicles_}) {
        if (!batch->empty()) {
            queries.push_back(batch->take());
        }
    }
}

InsertShape const& event_shape() {
    static InsertShape const shape("case_event",
                                   {{"case_id", "uuid"},
                                    {"event_id", "uuid"},
                                    {"leg_id", "uuid"},
                                    {"object", "text"},
                                    {"event", "text"},
                                    {"transition", "text"},
                                    {"from_state", "text"},
                                    {"to_state", "text"},
                                    {"actor_kind", "text"},
                                    {"actor_id", "text"},
                                    {"agency", "text"},
                                    {"country", "text"},
                                    {"occurred_at", "timestamptz"},
                                    {"purpose", "text"},
                                    {"decision_id", "uuid"},
                                    {"reason_code", "text"},
                                    {"data", "json"},
                                    {"shared", "boolean"},
                                    {"previous_hash", "bytea"},
                                    {"event_hash", "bytea"}});
    return shape;
}

void add_event_row(InsertBatch& batch, CaseEvent const& e) {
    batch.row({e.case_id,
               e.event_id,
               e.leg_id,
               e.object,
               e.event,
               text_or_null(e.transition),
               text_or_null(e.from_state),
               text_or_null(e.to_state),
               e.actor_kind,
               text_or_null(e.actor_id),
               e.agency,
               e.country,
               e.occurred_at,
               text_or_null(e.purpose),
               text_or_null(e.decision_id),
               text_or_null(e.reason_code),
               e.data,
               e.shared,
               bytes_or_null(e.previous_hash),
               Bytes(e.event_hash.begin(), e.event_hash.end())});
}

InsertShape const& deadline_shape() {
    static InsertShape const shape("deadline",
                                   {{"case_id", "uuid"},
                                    {"deadline_id", "uuid"},
                                    {"leg_id", "uuid"},
                                    {"clock", "text"},
                                    {"stage", "text"},
                                    {"cycle", "smallint"},
                                    {"state", "text"},
                                    {"started_at", "timestamptz"},
                                    {"due_at", "timestamptz"}});
    return shape;
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

InsertShape const& leg_shape() {
    static InsertShape const shape("leg",
                                   {{"case_id", "uuid"},
                                    {"leg_id", "uuid"},
                                    {"asking_agency", "text"},
                                    {"asking_country", "text"},
                                    {"asked_agency", "text"},
                                    {"asked_country", "text"},
                                    {"backup_agency", "text"},
                                    {"state", "text"},
                                    {"flags", "text[]"},
                                    {"open", "boolean"},
                                    {"version", "integer"},
                                    {"priority", "text"},
                                    {"path", "text[]"},
                                    {"hop", "smallint"},
                                    {"parent_leg_id", "uuid"},
                                    {"description_version", "integer"},
                                    {"due_at", "timestamptz"},
                                    {"routed_at", "timestamptz"},
                                    {"updated_at", "timestamptz"}});
    return shape;
}

void add_leg_row(InsertBatch& batch, LegRow const& l) {
    batch.row({l.case_id,
               l.leg_id,
               l.asking_agency,
               l.asking_country,
               l.asked_agency,
               l.asked_country,
               text_or_null(l.backup_agency),
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

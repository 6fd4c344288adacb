// One step of a declared case: load what guards look at, decide, store values, state, clocks and
// event, and bring about the effects.
#include <algorithm>

#include "cases/linked/conflict_wall.hpp"
#include "cases/linked/notice_silence.hpp"
#include "common/digest.hpp"
#include "common/time_text.hpp"
#include "server/case_types.hpp"
#include "server/dated_rules.hpp"
#include "server/handlers/linked.hpp"
#include "server/services.hpp"
#include "storage/raised_signals.hpp"

namespace rastro::server {

namespace {

using cases::FieldValues;
using storage::FieldRow;
using storage::LinkedObject;
using storage::UnitOfWork;

class Step {
 public:
    Step(Call& call,
         UnitOfWork& unit,
         storage::LinkedCase& file,
         protocol::LinkedCaseAct const& act)
        : call_(call),
          unit_(unit),
          file_(file),
          act_(act),
          type_(type_of(call, file)),
          objects_(storage::objects_of(unit, file.case_id)) {}

    Outcome<Reply> run() {
        RASTRO_CHECK(find_target());
        load();
        RASTRO_TRY(
            fields,
            checked_fields(*definition_, target_.object_id, act_.fields, values_, file_.groups));
        for (auto const& field : fields) {
            values_[field.field] = field.value;
        }
        // Who took the first half cannot take the second, whatever else stands in the way.
        if (proposal_ && proposal_->proposed_by == call_.actor.principal()) {
            return ProblemCode::two_persons_required;
        }
        auto const facts = make_facts();
        auto const decided =
            cases::decide(type_,
                          standing(),
                          make_act(),
                          cases::actor_facts(call_.actor, sides_of(file_), call_.now()),
                          environment(facts));
        if (!decided) {
            auto problem = decided.error();
            bool const first = problem.code() == ProblemCode::two_persons_required && !proposal_;
            if (!first) {
                return problem;
            }
            prepare(fields);
        } else {
            apply(*decided, fields);
        }
        storage::store_linked_case(unit_, file_);
        storage::queue_signals(unit_, file_.case_id);
        return show_linked(call_, unit_, file_, shown_groups(file_, ""), 200);
    }

 private:
    Outcome<bool> find_target() {
        auto const root = type_.objects.front().name;
        auto const wanted = act_.object.empty() ? root : act_.object;
        definition_ = type_.find_object(wanted);
        if (definition_ == nullptr) {
            return violation("/object", "not_in_list");
        }
        if (!act_.object_id && wanted != root) {
            is_new_ = true;
            target_.object = wanted;
            target_.created_by = call_.actor.principal();
            return true;
        }
        auto const id = act_.object_id.value_or(file_.case_id.uuid);
        auto const found = std::ranges::find(objects_, id, &LinkedObject::object_id);
        if (found == objects_.end() || found->object != wanted) {
            return violation("/object_id", "not_found");
        }
        target_ = *found;
        return true;
    }

    void load() {
        auto const fields = storage::fields_of(unit_, file_.case_id, working_groups(file_));
        auto const guard_values = storage::guard_values_of(unit_, file_.case_id);
        for (auto const& object : objects_) {
            cases::ObjectFact fact{
                object.object_id.to_string(), object.object, object.state, object.open, {}};
            for (auto const* rows : {&fields, &guard_values}) {
                for (auto const& row : *rows) {
                    if (row.object_id == object.object_id) {
                        fact.values.emplace(row.field, row.value);
                    }
                }
            }
            if (object.object_id == target_.object_id && !is_new_) {
                values_ = fact.values;
            }
            if (object.object_id == file_.case_id.uuid) {
                root_ = fact.values;
            }
            object_facts_.push_back(std::move(fact));
        }
        for (auto const& proposal : storage::open_proposals(unit_, file_.case_id)) {
            if (proposal.object_id == target_.object_id && proposal.event == act_.event) {
                proposal_ = proposal;
            }
        }
    }

    cases::LinkedFacts make_facts() {
        cases::LinkedFacts facts;
        facts.actor = call_.actor.principal();
        facts.actor_agency = call_.actor.agency;
        for (auto role : call_.actor.roles) {
            facts.actor_roles.emplace(cases::to_text(role));
        }
        if (proposal_) {
            facts.first_person = proposal_->proposed_by;
            facts.first_roles.insert(proposal_->roles.begin(), proposal_->roles.end());
        }
        facts.today = Date{std::chrono::floor<std::chrono::days>(unit_.now())};
        bool const at_root = target_.object_id == file_.case_id.uuid;
        facts.root = at_root ? values_ : root_;
        facts.object = values_;
        facts.objects = object_facts_;
        for (auto const& linked : storage::linked_events_of(unit_, file_.case_id)) {
            // What was done to the case counts for all its objects.
            if (linked.object_id == target_.object_id || linked.object_id == file_.case_id.uuid) {
                facts.done_by[linked.event.event].insert(linked.event.actor_id);
            }
            if (linked.object_id != file_.case_id.uuid && linked.event.event == "add" &&
                linked.event.object == "person_of_interest") {
                facts.wall_checked = true;
            }
        }
        facts.wall_checked = facts.wall_checked || !has_object("person_of_interest");
        for (auto const& link : storage::links_of(unit_, file_.case_id)) {
            if (link.state != "rejected") {
                facts.links.insert(link.kind);
            }
        }
        for (auto const& clock : storage::clocks_of(unit_, file_.case_id)) {
            if (clock.due_at <= unit_.now()) {
                facts.elapsed.insert(clock.clock);
            }
        }
        for (auto const& share : storage::shares_of(unit_, file_.case_id)) {
            facts.has_party = facts.has_party || share.relation == "addressed";
        }
        if (auto const who = cases::value_of(values_, "interviewer"); !who.empty()) {
            for (auto& course : storage::valid_courses(unit_, who, facts.today)) {
                facts.courses.insert(std::move(course));
            }
        }
        if (target_.object == "suspect") {
            facts.subject_is_victim = is_of_a_victim(call_, unit_, file_, *definition_, values_);
        }
        facts.silence_is_consent =
            cases::silence_is_consent(call_.services().rules.silence,
                                      cases::value_of(facts.root, "importer_country"),
                                      facts.today);
        facts.treaties = &call_.services().rules.treaties;
        return facts;
    }

    [[nodiscard]] bool has_object(std::string_view name) const {
        return std::ranges::any_of(objects_, [&](auto const& o) { return o.object == name; });
    }

    [[nodiscard]] cases::Standing standing() const {
        return is_new_
                   ? cases::Standing{}
                   : cases::Standing{
                         .state = target_.state, .resume_state = target_.resume_state, .flags = {}};
    }

    cases::Act make_act() const {
        cases::Act act{.object = definition_->name,
                       .event = act_.event,
                       .inputs = {},
                       .reason_code = {},
                       .derived_state = {},
                       .first_person = proposal_ ? proposal_->proposed_by : std::string()};
        for (auto const& [field, value] : values_) {
            act.inputs.insert(field);
        }
        if (!act_.reason.empty()) {
            act.inputs.insert("reason");
        }
        if (!act_.document.empty()) {
            act.inputs.insert("document");
        }
        return act;
    }

    cases::Environment environment(cases::LinkedFacts const& facts) const {
        auto made = cases::linked_environment(facts);
        made.step_up_age = call_.services().settings.session.step_up;
        return made;
    }

    void prepare(std::vector<FieldRow> const& fields) {
        store(fields);
        storage::Proposal proposal{.object_id = target_.object_id,
                                   .event = act_.event,
                                   .proposed_by = call_.actor.principal(),
                                   .roles = {},
                                   .proposed_at = unit_.now()};
        for (auto role : call_.actor.roles) {
            proposal.roles.emplace_back(cases::to_text(role));
        }
        storage::add_proposal(unit_, file_.case_id, call_.actor.agency, proposal);
        cases::Transition const prepared{.id = {},
                                         .object = definition_->name,
                                         .event = "prepare." + act_.event,
                                         .from = target_.state,
                                         .to = {.state = target_.state}};
        log(prepared);
    }

    void apply(cases::Transition const& transition, std::vector<FieldRow> const& fields) {
        target_.state = transition.to.state;
        target_.resume_state = transition.to.resume_state;
        target_.open = !definition_->find_state(target_.state)->final;
        if (is_new_) {
            storage::insert_object(unit_, file_.case_id, target_);
        } else {
            storage::store_object(unit_, file_.case_id, target_);
        }
        if (target_.object_id == file_.case_id.uuid) {
            file_.state = target_.state;
        }
        store(fields);
        ClockFacts clocks{.values = clock_values(),
                          .running = definition_->find_state(target_.state)->runs,
                          .stated = {}};
        for (auto const& field : fields) {
            clocks.stated.insert(field.field);
        }
        apply_linked_clocks(unit_, file_, target_.object_id, transition, clocks);
        if (proposal_) {
            storage::complete_proposal(
                unit_, file_.case_id, proposal_->proposal_id, call_.actor.principal());
        }
        log(transition);
        for (auto const& effect : transition.effects) {
            bring_about(effect);
        }
    }

    // A recipient's clock runs by the level of the alert.
    [[nodiscard]] FieldValues clock_values() const {
        auto values = values_;
        values.insert(root_.begin(), root_.end());
        return values;
    }

    void store(std::vector<FieldRow> const& fields) {
        store_values(call_, unit_, file_, *definition_, fields);
    }

    void log(cases::Transition const& transition) {
        auto said = act_.reason;
        if (!act_.document.empty()) {
            said += (said.empty() ? "document " : "\ndocument ") + act_.document;
        }
        storage::append_linked_event(
            unit_, file_, linked_event(call_, unit_, transition, target_.object_id, said));
    }

    void tell(std::string const& agency, std::string kind) {
        if (agency != call_.actor.agency) {
            unit_.publish({.agency = agency,
                           .kind = std::move(kind),
                           .case_id = file_.case_id,
                           .object_type = "case",
                           .object_id = file_.case_id.to_string(),
                           .object_version = file_.version + 1});
        }
    }

    void bring_about(std::string const& effect) {
        if (effect == "notify_parties") {
            for (auto const& share : storage::shares_of(unit_, file_.case_id)) {
                tell(share.agency, "case.changed");
            }
            tell(file_.owner_agency, "case.changed");
        } else if (effect == "create_pseudonym") {
            store({{.object_id = target_.object_id,
                    .object = definition_->name,
                    .field = "pseudonym",
                    .group = "S1",
                    .value = "V-" + to_base32(random_bytes(5))}});
        } else if (effect == "recall_shares") {
            for (auto const& agency : storage::recall_shares(unit_, file_.case_id)) {
                tell(agency, "case.share_recalled");
            }
        } else if (effect == "freeze_recipients") {
            deliver_to_recipients();
        } else if (effect == "first_detection") {
            record_first();
        } else if (effect == "raise_wall") {
            raise_wall();
        }
    }

    // The recipients are fixed with the issue: each becomes a party that sees S0 and S1.
    void deliver_to_recipients() {
        for (std::size_t i = 0; i < objects_.size(); ++i) {
            auto object = objects_[i];
            auto const agency =
                std::string(cases::value_of(object_facts_[i].values, "recipient_agency"));
            if (object.object != "recipient" || object.state != "QUEUED" ||
                !storage::agency_exists(unit_, agency)) {
                continue;
            }
            storage::put_share(unit_,
                               file_.case_id,
                               file_.owner_agency,
                               {.agency = agency, .relation = "addressed", .groups = {"S0", "S1"}},
                               call_.actor.principal());
            cases::Transition delivered{.id = {},
                                        .object = "recipient",
                                        .event = "deliver",
                                        .from = object.state,
                                        .to = {.state = "DELIVERED"}};
            delivered.starts = {"ews.ack"};
            object.state = "DELIVERED";
            storage::store_object(unit_, file_.case_id, object);
            apply_linked_clocks(unit_,
                                file_,
                                object.object_id,
                                delivered,
                                {.values = clock_values(), .running = {}, .stated = {}});
            storage::append_linked_event(
                unit_, file_, linked_event(call_, unit_, delivered, object.object_id, ""));
            tell(agency, "case.alert");
        }
    }

    void record_first() {
        auto const on = parse_iso_date(cases::value_of(values_, "collected_on"));
        auto const substance = cases::value_of(values_, "parent_inchikey");
        if (!on || substance.empty()) {
            return;
        }
        for (auto const& scope : {file_.owner_country, std::string("region")}) {
            auto const became = storage::record_first_detection(
                unit_, substance, scope, file_.owner_country, file_.case_id, *on);
            if (!became.empty()) {
                unit_.publish({.agency = call_.actor.agency,
                               .kind = "detection." + became,
                               .case_id = file_.case_id,
                               .object_type = "case",
                               .object_id = file_.case_id.to_string(),
                               .object_version = file_.version + 1});
            }
        }
    }

    void raise_wall() {
        std::vector<cases::StaffMember> staff;
        for (auto& person : storage::staff_names(unit_)) {
            staff.push_back({person.user_id.to_string(), std::move(person.name), {}, {}});
        }
        cases::WallPerson const person{std::string(cases::value_of(values_, "name")),
                                       std::string(cases::value_of(values_, "document_no"))};
        for (auto const& hit : cases::conflict_wall({person}, staff)) {
            if (auto const user = UserId::parse(hit.user_id);
                user && hit.user_id != call_.actor.id) {
                storage::raise_wall(unit_, file_.case_id, *user, "name");
            }
        }
    }

    Call& call_;
    UnitOfWork& unit_;
    storage::LinkedCase& file_;
    protocol::LinkedCaseAct const& act_;
    cases::CaseTypeDefinition const& type_;
    std::vector<LinkedObject> objects_;
    std::vector<cases::ObjectFact> object_facts_;  // in the order of objects_
    cases::ObjectDefinition const* definition_ = nullptr;
    LinkedObject target_;
    bool is_new_ = false;
    FieldValues values_;  // of the target, as they would be stored
    FieldValues root_;
    std::optional<storage::Proposal> proposal_;
};

}  // namespace

Outcome<Reply> take_step(Call& call,
                         UnitOfWork& unit,
                         storage::LinkedCase& file,
                         protocol::LinkedCaseAct const& act) {
    return Step(call, unit, file, act).run();
}

}  // namespace rastro::server

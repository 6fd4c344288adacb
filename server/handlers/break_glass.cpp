// Break-glass: protected data of one case opened in an emergency, and looked at by auditors within
// a day (design/access.md).
#include "protocol/break_glass_json.hpp"
#include "server/handlers/case_command.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/linked.hpp"
#include "server/handlers/people.hpp"
#include "storage/break_glass_repo.hpp"

namespace rastro::server {

namespace {

using cases::Relation;
using storage::BreakGlass;
using storage::UnitOfWork;

constexpr auto kOpen = std::chrono::hours(4);
constexpr auto kReviewWithin = std::chrono::hours(24);
constexpr int kUsualInThirtyDays = 3;
constexpr int kMostListed = 500;

protocol::BreakGlassMessage to_message(BreakGlass const& opening, Instant now) {
    return {.grant_id = opening.grant_id.to_string(),
            .case_id = opening.case_id,
            .number = opening.case_number,
            .user_id = opening.user_id,
            .agency = opening.agency,
            .reason = opening.reason,
            .opened_at = opening.opened_at,
            .valid_until = opening.valid_until,
            .review_due = opening.review_due,
            .overdue = opening.finding.empty() && now > opening.review_due,
            .often = opening.of_person > kUsualInThirtyDays,
            .finding = opening.finding,
            .reviewed_by = opening.reviewed_by,
            .reviewed_at = opening.reviewed_at,
            .review_note = opening.review_note};
}

Outcome<Reply> run_open(Call& call,
                        CaseCommand<protocol::BreakGlassOpen> const& asked,
                        UnitOfWork& unit) {
    call.actor.purpose = "emergency_life";
    RASTRO_TRY(file, open_linked(call, unit, asked.case_id, storage::Lock::for_update));
    if (!file.compartments.empty()) {
        return Problem(ProblemCode::forbidden).with_audit_reason("sealed_compartment");
    }
    BreakGlass opening;
    opening.case_id = file.case_id;
    opening.case_number = file.number;
    opening.user_id = caller_id(call);
    opening.agency = call.actor.agency;
    opening.reason = asked.body.reason;
    opening.opened_at = unit.now();
    opening.valid_until = unit.now() + kOpen;
    opening.review_due = unit.now() + kReviewWithin;
    storage::insert_break_glass(unit, opening);
    note_in_case(call, unit, file, file.case_id.uuid, "break_glass", opening.reason);
    unit.publish({.agency = file.owner_agency,
                  .kind = "case.break_glass",
                  .case_id = file.case_id,
                  .object_type = "case",
                  .object_id = file.case_id.to_string(),
                  .object_version = file.version});
    auto const stored = storage::find_break_glass(unit, opening.grant_id);
    Reply reply;
    reply.status = 201;
    reply.body = protocol::write_break_glass(to_message(*stored, unit.now()));
    return reply;
}

Outcome<Reply> run_list(Call& call, NoCommand const&, UnitOfWork& unit) {
    call.about("break_glass", "", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("break_glass", {Relation::own_agency})));
    std::vector<protocol::BreakGlassMessage> items;
    for (auto const& opening : storage::list_break_glass(unit, kMostListed)) {
        items.push_back(to_message(opening, unit.now()));
    }
    Reply reply;
    reply.body = protocol::write_break_glass_list(items);
    return reply;
}

struct ReviewCommand {
    storage::GrantId grant_id;
    protocol::BreakGlassReview review;
};

Outcome<ReviewCommand> parse_review(Arrival const& arrival) {
    RASTRO_TRY(grant_id, path_id<storage::GrantId>(arrival, "grant_id"));
    RASTRO_TRY(review, protocol::read_break_glass_review(arrival.body));
    return ReviewCommand{grant_id, std::move(review)};
}

Outcome<Reply> run_review(Call& call, ReviewCommand const& asked, UnitOfWork& unit) {
    auto opening = storage::find_break_glass(unit, asked.grant_id);
    call.about("break_glass",
               asked.grant_id.to_string(),
               std::nullopt,
               opening ? opening->agency : std::string());
    RASTRO_CHECK(
        call.authorise(facts_of("break_glass", {opening ? Relation::own_agency : Relation::none})));
    if (!opening) {
        return Problem(ProblemCode::not_found).with_audit_reason("no_such_opening");
    }
    call.audit.case_reference = opening->case_number;
    opening->reviewed_by = caller_id(call);
    opening->reviewed_at = unit.now();
    opening->finding = asked.review.finding;
    opening->review_note = asked.review.note;
    if (!storage::review_break_glass(unit, *opening)) {
        return Problem(ProblemCode::conflict, "This opening has been reviewed");
    }
    Reply reply;
    reply.body = protocol::write_break_glass(to_message(*opening, unit.now()));
    return reply;
}

}  // namespace

void bind_break_glass(Routes& routes) {
    routes.add("case_break_glass", parse_case_body<protocol::read_break_glass>, run_open);
    routes.add("break_glass_list", parse_nothing, run_list);
    routes.add("break_glass_review", parse_review, run_review);
}

}  // namespace rastro::server

// The follow-up tracker of a meeting: for the desk of a country its own sheet, for the agency that
// runs the instance what countries have submitted.
#include "protocol/tracker_json.hpp"
#include "server/handlers/documents.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"
#include "server/handlers/reports.hpp"
#include "server/routes.hpp"
#include "storage/tracker_repo.hpp"

namespace rastro::server {

namespace {

using storage::UnitOfWork;

struct TrackerQuery {
    std::string meeting;
    std::string since;
    std::string country;
    protocol::Language language = protocol::Language::en;
};

constexpr std::size_t kMostMeetingBytes = 200;

Outcome<TrackerQuery> parse_tracker(Arrival const& arrival, bool has_language) {
    RASTRO_CHECK(has_language
                     ? check_query_names(arrival, {"meeting", "since", "country", "language"})
                     : check_query_names(arrival, {"meeting", "since", "country"}));
    TrackerQuery asked;
    asked.meeting = query_text(arrival, "meeting");
    asked.since = query_text(arrival, "since");
    asked.country = query_text(arrival, "country");
    if (asked.meeting.empty()) {
        return violation("query:/meeting", "missing_member");
    }
    if (asked.meeting.size() > kMostMeetingBytes || asked.since.size() > kMostMeetingBytes) {
        return violation(
            asked.meeting.size() > kMostMeetingBytes ? "query:/meeting" : "query:/since",
            "too_long",
            {std::to_string(kMostMeetingBytes)});
    }
    RASTRO_TRY(language, query_language(arrival));
    asked.language = language;
    return asked;
}

Outcome<TrackerQuery> parse_report(Arrival const& arrival) {
    return parse_tracker(arrival, false);
}
Outcome<TrackerQuery> parse_document(Arrival const& arrival) {
    return parse_tracker(arrival, true);
}

Outcome<cases::TrackerReport> compute(Call& call, TrackerQuery const& asked, UnitOfWork& unit) {
    call.about("tracker",
               asked.country.empty() ? "region" : asked.country,
               std::nullopt,
               call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("tracker", report_relations(unit, asked.country))));
    std::vector<std::string> meetings{asked.meeting};
    if (!asked.since.empty()) {
        meetings.push_back(asked.since);
    }
    call.audit.groups = {"S0"};
    return cases::tracker_report(asked.meeting,
                                 asked.since,
                                 asked.country,
                                 storage::tracker_entries(unit, asked.country, meetings));
}

Outcome<Reply> run_report(Call& call, TrackerQuery const& asked, UnitOfWork& unit) {
    RASTRO_TRY(report, compute(call, asked, unit));
    Reply reply;
    reply.body = protocol::write_tracker(report);
    return reply;
}

Outcome<Reply> run_pdf(Call& call, TrackerQuery const& asked, UnitOfWork& unit) {
    RASTRO_TRY(report, compute(call, asked, unit));
    return pdf_reply(protocol::tracker_document(report, asked.language, unit.now()));
}

Outcome<Reply> run_xlsx(Call& call, TrackerQuery const& asked, UnitOfWork& unit) {
    RASTRO_TRY(report, compute(call, asked, unit));
    return workbook_reply(protocol::tracker_document(report, asked.language, unit.now()));
}

}  // namespace

void bind_tracker(Routes& routes) {
    routes.add("tracker_report", parse_report, run_report);
    routes.add("tracker_pdf", parse_document, run_pdf);
    routes.add("tracker_xlsx", parse_document, run_xlsx);
}

}  // namespace rastro::server

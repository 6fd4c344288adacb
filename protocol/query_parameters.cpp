#include "protocol/query_parameters.hpp"

#include <array>
#include <map>
#include <vector>

namespace rastro::protocol {

namespace {

constexpr QueryParameter kLimit{"limit",
                                R"({"type":"integer","minimum":1,"maximum":200,"default":50})",
                                "Items on one page; more than 200 are cut to 200"};
constexpr QueryParameter kAfter{
    "after", R"({"type":"string","maxLength":1024})", "Cursor of the page before: its member next"};
constexpr std::string_view kWhole = R"({"type":"integer","minimum":0,"default":0})";
constexpr std::string_view kAnyText = R"({"type":"string"})";
constexpr std::string_view kCountry = R"({"$ref":"#/components/schemas/Country"})";
constexpr std::string_view kPriority = R"({"$ref":"#/components/schemas/Priority"})";
constexpr std::string_view kDateTime = R"({"$ref":"#/components/schemas/DateTime"})";

constexpr std::array kPage{kLimit, kAfter};
constexpr std::array kReadyz{
    QueryParameter{"verbose", kAnyText, "Any text: name the checks of a server that is ready too"}};
constexpr std::array kAgencies{
    kLimit,
    kAfter,
    QueryParameter{"country", kCountry, "Only agencies of this country"},
    QueryParameter{
        "kind", R"({"$ref":"#/components/schemas/AgencyKind"})", "Only agencies of this kind"}};
constexpr std::array kRoutes{QueryParameter{"country", kCountry, "Only routes of this country"}};
constexpr std::array kUsers{
    kLimit,
    kAfter,
    QueryParameter{
        "state", R"({"$ref":"#/components/schemas/UserState"})", "Only users in this state"},
    QueryParameter{"role", R"({"$ref":"#/components/schemas/Role"})", "Only users with this role"}};
constexpr std::array kGrants{QueryParameter{"state",
                                            R"({"enum":["open","all"],"default":"open"})",
                                            "Waiting for a second person, or decided ones too"}};
constexpr std::array kMakes{
    kLimit,
    kAfter,
    QueryParameter{"q", kAnyText, "Words contained in the name or an alias"},
    QueryParameter{"ncic_code", kAnyText, "Exact code of the NCIC list"}};
constexpr std::array kReviews{
    kLimit,
    kAfter,
    QueryParameter{
        "state", R"({"$ref":"#/components/schemas/ReviewState"})", "Only reviews in this state"}};
constexpr std::array kTraces{
    kLimit,
    kAfter,
    QueryParameter{
        "state", R"({"$ref":"#/components/schemas/RequestState"})", "Only requests in this state"},
    QueryParameter{"priority", kPriority, "Only requests of this priority"},
    QueryParameter{"asked_country", kCountry, "Only requests with a leg to this country"},
    QueryParameter{"number", kAnyText, "Exact number of one request"},
    QueryParameter{"agency_case_no", kAnyText, "Exact case number of the own agency"},
    QueryParameter{"serial", kAnyText, "Requests whose serial number looks like this one"},
    QueryParameter{"created_from", kDateTime, "Written at or after this instant"},
    QueryParameter{"created_to", kDateTime, "Written before this instant"}};
constexpr std::array kInbox{
    kLimit,
    kAfter,
    QueryParameter{
        "state", R"({"$ref":"#/components/schemas/LegState"})", "Only legs in this state"},
    QueryParameter{"priority", kPriority, "Only legs of this priority"},
    QueryParameter{"handler", kAnyText, "Only legs of this analyst (a principal)"},
    QueryParameter{"number", kAnyText, "Only legs of the request with this number"}};
constexpr std::array kMatches{
    kLimit,
    kAfter,
    QueryParameter{
        "state", R"({"$ref":"#/components/schemas/MatchState"})", "Only matches in this state"},
    QueryParameter{
        "kind", R"({"$ref":"#/components/schemas/MatchKind"})", "Only matches of this kind"},
    QueryParameter{"case_id",
                   R"({"$ref":"#/components/schemas/Uuid"})",
                   "Only matches of this request of the own agency"},
    QueryParameter{
        "queue", R"({"enum":["own"]})", "own: only those that the own agency has to decide"}};
constexpr std::array kRecords{
    kLimit,
    kAfter,
    QueryParameter{
        "state", R"({"$ref":"#/components/schemas/RecordState"})", "Only records in this state"},
    QueryParameter{
        "kind", R"({"$ref":"#/components/schemas/RecordKind"})", "Only records of this kind"},
    QueryParameter{"number", kAnyText, "Exact number of one record"},
    QueryParameter{"agency_case_no", kAnyText, "Exact case number of the own agency"},
    QueryParameter{"serial", kAnyText, "Records whose serial number looks like this one"},
    QueryParameter{
        "due_until", kDateTime, "Only records that have to be confirmed, or end, by then"}};
constexpr std::array kEvents{
    QueryParameter{"after", kWhole, "Sequence number of the last event known"},
    QueryParameter{"wait",
                   R"({"type":"integer","minimum":0,"maximum":25,"default":0})",
                   "Seconds to wait for the next event if there is none"}};
constexpr std::array kStream{kEvents[0]};
constexpr std::array kImportResults{
    kLimit,
    kAfter,
    QueryParameter{"result",
                   R"({"enum":["submitted","draft","duplicate","rejected"]})",
                   "Only rows that became this"}};
constexpr std::array kTreeSpan{
    QueryParameter{
        "from", kWhole, "Size of the earlier tree; of an export, index of the first leaf"},
    QueryParameter{"to", kWhole, "Size of the later tree; 0 is that of the newest checkpoint"}};
constexpr std::array kEntries{
    kLimit,
    kAfter,
    QueryParameter{"action", kAnyText, "Exact audit action"},
    QueryParameter{"actor", kAnyText, "Exact id of who acted"},
    QueryParameter{"object", kAnyText, "Exact id of what it was done to"},
    QueryParameter{
        "outcome", R"({"$ref":"#/components/schemas/AuditOutcome"})", "Only acts that ended so"},
    QueryParameter{"from", kDateTime, "At or after this instant"},
    QueryParameter{"to", kDateTime, "Before this instant"}};

constexpr std::array kCases{kLimit,
                            kAfter,
                            QueryParameter{"type", kAnyText, "Only cases of this type"},
                            QueryParameter{"state", kAnyText, "Only cases in this state"},
                            QueryParameter{"number", kAnyText, "The case with this number"}};
constexpr std::array kCaseRead{
    QueryParameter{"purpose",
                   R"({"$ref":"#/components/schemas/PurposeCode"})",
                   "Why protected data (S3, S4) is read; without one it is left out"}};
constexpr QueryParameter kReportYear{
    "year", R"({"type":"integer","minimum":2000,"maximum":2100})", "Civil year"};
constexpr std::array kRandot{QueryParameter{"country",
                                            R"({"$ref":"#/components/schemas/Country"})",
                                            "Reporting country; absent: the hemisphere"},
                             kReportYear,
                             QueryParameter{"as_of",
                                            R"({"$ref":"#/components/schemas/Date"})",
                                            "Facts known on this day; today if absent"},
                             QueryParameter{"amended",
                                            R"({"type":"boolean","default":false})",
                                            "Take out what was overturned by that day"}};

constexpr std::array kSnapshots{
    kLimit,
    kAfter,
    QueryParameter{"country", R"({"$ref":"#/components/schemas/Country"})", "Only of this country"},
    kReportYear};
constexpr std::array kReportDocument{
    QueryParameter{"language", R"({"enum":["en","es","pt","fr"],"default":"en"})", "Its language"},
    QueryParameter{"audience",
                   R"({"enum":["internal","public"],"default":"internal"})",
                   "For whom: public is without cases, and only of a cleared report"}};
constexpr std::array kTypeVersion{QueryParameter{
    "version", R"({"type":"integer","minimum":1})", "Which; the one that new cases get if absent"}};
constexpr std::array kReading{QueryParameter{
    "day", R"({"$ref":"#/components/schemas/Date"})", "Where the agency is; yesterday if absent"}};
constexpr QueryParameter kMeeting{
    "meeting", R"({"type":"string","minLength":1,"maxLength":200})", "Name of the meeting"};
constexpr QueryParameter kSince{"since",
                                R"({"type":"string","minLength":1,"maxLength":200})",
                                "An earlier meeting to compare with"};
constexpr QueryParameter kTrackerCountry{"country",
                                         R"({"$ref":"#/components/schemas/Country"})",
                                         "Of one country; the region if absent"};
constexpr std::array kTracker{kMeeting, kSince, kTrackerCountry};
constexpr std::array kTrackerDocument{
    kMeeting,
    kSince,
    kTrackerCountry,
    QueryParameter{"language", R"({"enum":["en","es","pt","fr"],"default":"en"})", "Its language"}};
constexpr std::array kVictims{
    QueryParameter{"country", R"({"$ref":"#/components/schemas/Country"})", "Reporting country"},
    kReportYear};

struct Row {
    std::string_view operation;
    std::span<QueryParameter const> parameters;
};
constexpr std::array kRows{Row{"readyz", kReadyz},
                           Row{"agency_list", kAgencies},
                           Row{"route_list", kRoutes},
                           Row{"user_list", kUsers},
                           Row{"role_grant_list", kGrants},
                           Row{"make_list", kMakes},
                           Row{"make_review_list", kReviews},
                           Row{"trace_list", kTraces},
                           Row{"case_type_read", kTypeVersion},
                           Row{"case_list", kCases},
                           Row{"case_read", kCaseRead},
                           Row{"randot_report", kRandot},
                           Row{"randot_snapshot_list", kSnapshots},
                           Row{"randot_pdf", kReportDocument},
                           Row{"randot_xlsx", kReportDocument},
                           Row{"audit_reading", kReading},
                           Row{"tracker_report", kTracker},
                           Row{"tracker_pdf", kTrackerDocument},
                           Row{"tracker_xlsx", kTrackerDocument},
                           Row{"victim_table", kVictims},
                           Row{"trace_timeline", kPage},
                           Row{"inbox", kInbox},
                           Row{"import_results", kImportResults},
                           Row{"match_list", kMatches},
                           Row{"register_list", kRecords},
                           Row{"events", kEvents},
                           Row{"stream", kStream},
                           Row{"audit_consistency", kTreeSpan},
                           Row{"audit_export", kTreeSpan},
                           Row{"audit_entries", kEntries}};

using Names = std::map<std::string_view, std::vector<std::string_view>>;

Names names_by_operation() {
    Names names;
    for (auto const& row : kRows) {
        for (auto const& parameter : row.parameters) {
            names[row.operation].push_back(parameter.name);
        }
    }
    return names;
}

}  // namespace

std::span<QueryParameter const> query_parameter_table(std::string_view operation) noexcept {
    for (auto const& row : kRows) {
        if (row.operation == operation) {
            return row.parameters;
        }
    }
    return {};
}

std::span<std::string_view const> query_parameters(std::string_view operation) {
    static Names const names = names_by_operation();
    auto const found = names.find(operation);
    return found == names.end() ? std::span<std::string_view const>() : found->second;
}

}  // namespace rastro::protocol

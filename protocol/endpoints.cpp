#include "protocol/endpoints.hpp"

namespace rastro::protocol {

namespace {

using enum Credential;
using enum Idempotency;
constexpr auto kNoMatch = Precondition::none;
constexpr auto kIfMatch = Precondition::if_match;

// clang-format off
constexpr Endpoint kEndpoints[] = {
    // health and public documents
    {"livez", "GET", "/livez", none, "", safe, kNoMatch, "", "Health", 200, Lane::none, "The process runs"},
    {"readyz", "GET", "/readyz", none, "", safe, kNoMatch, "", "Readiness", 200, Lane::none, "The server can do its work: database, schema, audit log"},
    {"metrics", "GET", "/metrics", none, "", safe, kNoMatch, "", "Metrics", 200, Lane::none, "Prometheus metrics; operations listener only"},
    {"openapi", "GET", "/openapi.json", none, "", safe, kNoMatch, "", "OpenApi", 200, Lane::none, "This interface as an OpenAPI 3.1 document"},
    {"version", "GET", "/version", none, "", safe, kNoMatch, "", "Version", 200, Lane::none, "Version of the server"},
    {"problem_type", "GET", "/problems/{slug}", none, "", safe, kNoMatch, "", "ProblemType", 200, Lane::none, "What a problem type means"},
    {"demo_accounts", "GET", "/v1/demo/accounts", none, "", safe, kNoMatch, "", "DemoAccounts", 200, Lane::none, "Accounts of a demonstration; any other server has none"},
    {"use_banner", "GET", "/v1/use-banner", none, "", safe, kNoMatch, "", "UseBanner", 200, Lane::none, "Notice of use to accept before signing in"},

    // sign-in and own account
    {"session_create", "POST", "/v1/sessions", none, "session.sign_in", natural, kNoMatch, "SignIn", "Session", 201, Lane::none, "Sign in with password and one-time code"},
    {"session_list", "GET", "/v1/me/sessions", session, "session.list", safe, kNoMatch, "", "SessionList", 200, Lane::none, "Own open sessions"},
    {"session_end", "DELETE", "/v1/me/sessions/{session_id}", session, "session.end", natural, kNoMatch, "", "", 204, Lane::none, "End an own session; 'current' ends this one"},
    {"session_step_up", "POST", "/v1/me/step-up", session, "session.step_up", natural, kNoMatch, "StepUp", "Session", 200, Lane::none, "Confirm who you are again with password and a new code"},
    {"me", "GET", "/v1/me", any, "account.read_own", safe, kNoMatch, "", "Me", 200, Lane::none, "Who the server takes you for"},
    {"password_change", "POST", "/v1/me/password", session, "account.change_password", key, kNoMatch, "PasswordChange", "", 204, Lane::none, "Change the own password"},
    {"totp_enrol", "POST", "/v1/me/totp", session, "account.enrol_totp", key, kNoMatch, "TotpEnrolment", "TotpSecret", 201, Lane::none, "Start a new one-time code secret"},
    {"totp_confirm", "POST", "/v1/me/totp/confirmation", session, "account.confirm_totp", key, kNoMatch, "TotpConfirmation", "", 204, Lane::none, "Confirm the new secret with a code"},

    // agencies, users, roles, certificates
    {"agency_list", "GET", "/v1/agencies", any, "agency.list", safe, kNoMatch, "", "AgencyList", 200, Lane::none, "Agencies that take part, by country"},
    {"agency_create", "POST", "/v1/agencies", session, "agency.create", key, kNoMatch, "AgencyCreate", "Agency", 201, Lane::none, "Register an agency"},
    {"agency_read", "GET", "/v1/agencies/{agency}", any, "agency.read", safe, kNoMatch, "", "Agency", 200, Lane::none, "One agency"},
    {"agency_change", "PATCH", "/v1/agencies/{agency}", session, "agency.change", key, kIfMatch, "AgencyChange", "Agency", 200, Lane::none, "Change an agency"},
    {"certificate_list", "GET", "/v1/agencies/{agency}/certificates", session, "certificate.list", safe, kNoMatch, "", "CertificateList", 200, Lane::none, "Client certificates enrolled for an agency"},
    {"certificate_enrol", "POST", "/v1/agencies/{agency}/certificates", session, "certificate.enrol", key, kNoMatch, "CertificateEnrol", "Certificate", 201, Lane::none, "Enrol a client certificate for an agency's system"},
    {"certificate_revoke", "DELETE", "/v1/agencies/{agency}/certificates/{certificate_id}", session, "certificate.revoke", natural, kNoMatch, "", "", 204, Lane::none, "Stop accepting a client certificate"},
    {"route_list", "GET", "/v1/routes", any, "route.list", safe, kNoMatch, "", "RouteList", 200, Lane::none, "Who receives requests for a country"},
    {"route_put", "PUT", "/v1/routes/{country}", session, "route.change", key, kNoMatch, "RouteChange", "Route", 200, Lane::none, "Set who receives requests for the own country"},
    {"user_list", "GET", "/v1/users", session, "user.list", safe, kNoMatch, "", "UserList", 200, Lane::none, "Users of the own agency"},
    {"user_create", "POST", "/v1/users", session, "user.create", key, kNoMatch, "UserCreate", "UserCreated", 201, Lane::none, "Add a user to the own agency"},
    {"user_read", "GET", "/v1/users/{user_id}", session, "user.read", safe, kNoMatch, "", "User", 200, Lane::none, "One user"},
    {"user_change", "PATCH", "/v1/users/{user_id}", session, "user.change", key, kIfMatch, "UserChange", "User", 200, Lane::none, "Change a user; disabling ends all sessions"},
    {"user_unlock", "POST", "/v1/users/{user_id}/unlock", session, "user.unlock", key, kNoMatch, "", "User", 200, Lane::none, "Release a locked account"},
    {"user_reset", "POST", "/v1/users/{user_id}/credential-reset", session, "user.reset_credentials", key, kNoMatch, "", "UserCreated", 200, Lane::none, "Issue new first credentials"},
    {"role_grant_list", "GET", "/v1/role-grants", session, "role_grant.list", safe, kNoMatch, "", "RoleGrantList", 200, Lane::none, "Role grants waiting for a second person"},
    {"role_grant_propose", "POST", "/v1/role-grants", session, "role_grant.propose", key, kNoMatch, "RoleGrantPropose", "RoleGrant", 201, Lane::none, "Propose to give or take a role"},
    {"role_grant_decide", "POST", "/v1/role-grants/{grant_id}/decision", session, "role_grant.decide", key, kNoMatch, "Decision", "RoleGrant", 200, Lane::none, "Second person accepts or rejects the grant"},

    // code lists
    {"code_list_read", "GET", "/v1/code-lists/{list}", any, "", safe, kNoMatch, "", "CodeList", 200, Lane::none, "A code list with names in four languages"},
    {"make_list", "GET", "/v1/catalogue/makes", any, "", safe, kNoMatch, "", "MakeList", 200, Lane::none, "Makes by name"},
    {"make_import", "POST", "/v1/catalogue/makes", session, "catalogue.import", key, kNoMatch, "MakeImport", "MakeImportResult", 200, Lane::none, "Add makes and aliases to the catalogue"},
    {"make_review_list", "GET", "/v1/catalogue/make-reviews", session, "catalogue.review_list", safe, kNoMatch, "", "MakeReviewList", 200, Lane::none, "Make names that matched nothing and wait for a person"},
    {"make_review_decide", "POST", "/v1/catalogue/make-reviews/{review_id}/decision", session, "catalogue.review_decide", key, kNoMatch, "MakeReviewDecision", "MakeReview", 200, Lane::none, "Say which make an unknown name means"},

    // trace requests: the asking side
    {"trace_create", "POST", "/v1/trace-requests", any, "trace_request.create", key, kNoMatch, "TraceRequestCreate", "TraceRequest", 201, Lane::submit, "Write a trace request; with submit=true send it at once"},
    {"trace_list", "GET", "/v1/trace-requests", any, "trace_request.list", safe, kNoMatch, "", "TraceRequestList", 200, Lane::none, "Own agency's requests, newest first, with filters"},
    {"trace_read", "GET", "/v1/trace-requests/{case_id}", any, "trace_request.read", safe, kNoMatch, "", "TraceRequest", 200, Lane::none, "One request with what the caller may see of it"},
    {"trace_status", "GET", "/v1/trace-requests/{case_id}/status", any, "trace_request.read_status", safe, kNoMatch, "", "TraceStatus", 200, Lane::status, "State of one request and of each leg"},
    {"trace_change", "PATCH", "/v1/trace-requests/{case_id}", any, "trace_request.change", key, kIfMatch, "TraceRequestChange", "TraceRequest", 200, Lane::none, "Change a draft or returned request (merge patch, RFC 7396)"},
    {"trace_submit", "POST", "/v1/trace-requests/{case_id}/submission", any, "trace_request.submit", key, kIfMatch, "", "TraceRequest", 200, Lane::none, "Send a draft for approval and routing (T1, T3)"},
    {"trace_return", "POST", "/v1/trace-requests/{case_id}/return", session, "trace_request.return", key, kIfMatch, "Reason", "TraceRequest", 200, Lane::none, "National contact sends it back for correction (T2)"},
    {"trace_approve", "POST", "/v1/trace-requests/{case_id}/approval", session, "trace_request.approve", key, kIfMatch, "", "TraceRequest", 200, Lane::none, "National contact or supervisor approves; legs are routed (T4, T5)"},
    {"trace_add_leg", "POST", "/v1/trace-requests/{case_id}/legs", any, "trace_request.add_leg", key, kIfMatch, "LegAdd", "TraceRequest", 201, Lane::none, "Ask one more authority (parallel leg, or forward by the requester, T20)"},
    {"trace_describe", "POST", "/v1/trace-requests/{case_id}/descriptions", any, "trace_request.describe", key, kIfMatch, "FirearmDescription", "TraceRequest", 201, Lane::none, "Correct the firearm description as a new version"},
    {"trace_descriptions", "GET", "/v1/trace-requests/{case_id}/descriptions", any, "trace_request.read_descriptions", safe, kNoMatch, "", "FirearmDescriptionList", 200, Lane::none, "All versions of the firearm description"},
    {"trace_close", "POST", "/v1/trace-requests/{case_id}/closure", any, "trace_request.close", key, kIfMatch, "Closure", "TraceRequest", 200, Lane::none, "Accept the outcome and close (T24)"},
    {"trace_withdraw", "POST", "/v1/trace-requests/{case_id}/withdrawal", any, "trace_request.withdraw", key, kIfMatch, "Reason", "TraceRequest", 200, Lane::none, "Take the request back (T25)"},
    {"trace_mark_duplicate", "POST", "/v1/trace-requests/{case_id}/duplicate", session, "trace_request.mark_duplicate", key, kIfMatch, "DuplicateOf", "TraceRequest", 200, Lane::none, "Link to the lead request about the same recovery (T26)"},
    {"trace_reopen", "POST", "/v1/trace-requests/{case_id}/reopening", any, "trace_request.reopen", key, kIfMatch, "Reason", "TraceRequest", 200, Lane::none, "Open again: new identifiers, new record or appeal (T27)"},
    {"trace_handling", "POST", "/v1/trace-requests/{case_id}/handling", any, "trace_request.change_handling", key, kIfMatch, "HandlingChange", "TraceRequest", 200, Lane::none, "Tighten the handling code (T29)"},
    {"trace_timeline", "GET", "/v1/trace-requests/{case_id}/timeline", any, "trace_request.read_timeline", safe, kNoMatch, "", "Timeline", 200, Lane::none, "What happened, in order, as far as the caller may see"},

    // declared cases (linked case types), reports
    {"case_type_list", "GET", "/v1/case-types", any, "", safe, kNoMatch, "", "CaseTypeList", 200, Lane::none, "Declared case types"},
    {"case_type_read", "GET", "/v1/case-types/{type}", any, "", safe, kNoMatch, "", "CaseType", 200, Lane::none, "A case type: objects, states, fields, steps"},
    {"case_type_version_list", "GET", "/v1/case-types/{type}/versions", any, "", safe, kNoMatch, "", "CaseTypeVersionList", 200, Lane::none, "Versions of a case type: compiled in, and loaded by agencies"},
    {"case_type_version_propose", "POST", "/v1/case-types/{type}/versions", session, "case_type.propose", key, kNoMatch, "CaseTypeVersionPropose", "CaseTypeVersion", 201, Lane::none, "Load the agency's own version of a case type; another person accepts it"},
    {"case_type_version_decide", "POST", "/v1/case-types/{type}/versions/{version}/decision", session, "case_type.decide", key, kNoMatch, "CaseTypeVersionDecision", "CaseTypeVersion", 200, Lane::none, "Another person accepts or rejects the version, or retires it: new cases are then opened under the one before"},
    {"case_create", "POST", "/v1/cases", any, "case.create", key, kNoMatch, "CaseCreate", "Case", 201, Lane::none, "Open a case of a declared type"},
    {"case_list", "GET", "/v1/cases", any, "case.list", safe, kNoMatch, "", "CaseList", 200, Lane::none, "Cases that the own agency owns or takes part in"},
    {"case_read", "GET", "/v1/cases/{case_id}", any, "case.read", safe, kNoMatch, "", "Case", 200, Lane::none, "One case with the field groups that the caller may see; S3 and S4 need a purpose"},
    {"case_act", "POST", "/v1/cases/{case_id}/acts", any, "case.act", key, kIfMatch, "CaseAct", "Case", 200, Lane::none, "Take a step of the type's definition, on the case or one of its objects"},
    {"case_move", "POST", "/v1/cases/{case_id}/type-version", session, "case.move_version", key, kIfMatch, "CaseMove", "Case", 200, Lane::none, "Move the case to another version of its type, by a mapping that names a place for everything"},
    {"case_break_glass", "POST", "/v1/cases/{case_id}/break-glass", session, "case.break_glass", key, kNoMatch, "BreakGlassOpen", "BreakGlass", 201, Lane::none, "Open what is protected of the case for four hours because a life depends on it; auditors look at it within a day"},
    {"case_share", "PUT", "/v1/cases/{case_id}/shares", session, "case.share", key, kIfMatch, "CaseShareSet", "Case", 200, Lane::none, "Let another agency take part, and say what it may see"},
    {"case_member", "PUT", "/v1/cases/{case_id}/members", session, "case.set_member", key, kIfMatch, "CaseMemberSet", "Case", 200, Lane::none, "Put a person on the case team, or name one for protected data"},
    {"case_timeline", "GET", "/v1/cases/{case_id}/timeline", any, "case.read_timeline", safe, kNoMatch, "", "CaseTimeline", 200, Lane::none, "What happened, in order, as far as the caller may see"},
    {"seal_propose", "POST", "/v1/cases/{case_id}/seal-grants", session, "case.propose_unsealing", key, kNoMatch, "SealPropose", "SealGrant", 201, Lane::none, "Propose to open sealed data to a named member"},
    {"seal_decide", "POST", "/v1/seal-grants/{grant_id}/decision", session, "case.decide_unsealing", key, kNoMatch, "Decision", "SealGrant", 200, Lane::none, "Another person accepts or rejects the opening"},
    {"case_link_add", "POST", "/v1/cases/{case_id}/links", any, "case.link", key, kNoMatch, "CaseLinkAdd", "CaseLink", 201, Lane::none, "Link the case to another one; both have to be visible"},
    {"case_link_list", "GET", "/v1/cases/{case_id}/links", any, "case.read_links", safe, kNoMatch, "", "CaseLinkList", 200, Lane::none, "Links of the case whose other end the caller may see"},
    {"case_deconfliction", "PUT", "/v1/cases/{case_id}/deconfliction", session, "case.agree_to_deconfliction", key, kNoMatch, "DeconflictionSet", "CaseLinkList", 200, Lane::none, "Agree that owners of matching cases learn of each other: agency and contact, nothing else"},
    {"case_link_decide", "POST", "/v1/case-links/{link_id}/decision", session, "case.decide_link", key, kNoMatch, "CaseLinkDecision", "CaseLink", 200, Lane::none, "Another person confirms or rejects a link"},
    {"case_spawn", "POST", "/v1/cases/{case_id}/spawned-cases", any, "case.spawn", key, kIfMatch, "CaseSpawn", "Case", 201, Lane::none, "Open a case out of an operation: day and place are filled in, the two are linked"},
    {"case_signal", "POST", "/v1/cases/{case_id}/signals", session, "case.dispose_of_signal", key, kIfMatch, "SignalDisposition", "Case", 200, Lane::none, "Say what became of something that a rule noticed"},
    {"signal_rule_list", "GET", "/v1/reports/signals", any, "report.signals", safe, kNoMatch, "", "SignalRuleList", 200, Lane::none, "Rules of the signal catalogue and how often each was right in the own cases"},
    {"randot_report", "GET", "/v1/reports/randot", session, "report.randot", safe, kNoMatch, "", "RandotReport", 200, Lane::none, "RANDOT report of a year: Tables A, B and C with the cases behind each number"},
    {"randot_snapshot", "POST", "/v1/reports/randot/snapshots", session, "report.keep_snapshot", key, kNoMatch, "RandotSnapshotCreate", "RandotSnapshot", 201, Lane::none, "Keep the report as it stands: a numbered version that is never changed"},
    {"randot_snapshot_list", "GET", "/v1/reports/randot/snapshots", session, "report.list_snapshots", safe, kNoMatch, "", "RandotSnapshotList", 200, Lane::none, "Kept reports, newest first, without their tables"},
    {"randot_snapshot_read", "GET", "/v1/reports/randot/snapshots/{snapshot_id}", session, "report.read_snapshot", safe, kNoMatch, "", "RandotSnapshot", 200, Lane::none, "A kept report with what changed since the version before"},
    {"randot_snapshot_verify", "POST", "/v1/reports/randot/snapshots/{snapshot_id}/verification", session, "report.verify_snapshot", key, kNoMatch, "", "RandotSnapshot", 200, Lane::none, "Somebody other than who prepared it has checked the report"},
    {"randot_snapshot_clear", "POST", "/v1/reports/randot/snapshots/{snapshot_id}/clearance", session, "report.clear_snapshot", key, kNoMatch, "", "RandotSnapshot", 200, Lane::none, "The national contact, a third person, clears the report"},
    {"randot_pdf", "GET", "/v1/reports/randot/snapshots/{snapshot_id}/pdf", session, "report.export_pdf", safe, kNoMatch, "", "PdfDocument", 200, Lane::none, "A kept report as tagged PDF in one of four languages, each figure with what it means"},
    {"randot_xlsx", "GET", "/v1/reports/randot/snapshots/{snapshot_id}/xlsx", session, "report.export_xlsx", safe, kNoMatch, "", "Workbook", 200, Lane::none, "A kept report as a workbook in one of four languages, with the cases behind each number"},
    {"tracker_report", "GET", "/v1/reports/tracker", session, "report.tracker", safe, kNoMatch, "", "TrackerReport", 200, Lane::none, "What countries say of each measure for a meeting, how many stand where, and what moved"},
    {"tracker_pdf", "GET", "/v1/reports/tracker/pdf", session, "report.tracker_pdf", safe, kNoMatch, "", "PdfDocument", 200, Lane::none, "The follow-up of a meeting as tagged PDF in one of four languages, a sheet for each country"},
    {"tracker_xlsx", "GET", "/v1/reports/tracker/xlsx", session, "report.tracker_xlsx", safe, kNoMatch, "", "Workbook", 200, Lane::none, "The follow-up of a meeting as a workbook in one of four languages, a sheet for each country"},
    {"randot_public", "GET", "/v1/reports/randot/snapshots/{snapshot_id}/public", session, "report.export_public", safe, kNoMatch, "", "RandotReport", 200, Lane::none, "A cleared report as the public may see it: no cases, no months over few persons"},
    {"victim_table", "GET", "/v1/reports/victims", session, "report.victims", safe, kNoMatch, "", "VictimTable", 200, Lane::none, "Victims of trafficking by purpose and age band; small counts are kept back"},

    // legs: the asked side
    {"inbox", "GET", "/v1/inbox", any, "leg.inbox", safe, kNoMatch, "", "LegList", 200, Lane::none, "Legs addressed to the own agency, most urgent first"},
    {"leg_read", "GET", "/v1/legs/{leg_id}", any, "leg.read", safe, kNoMatch, "", "Leg", 200, Lane::none, "One leg with the question as asked"},
    {"leg_receipt", "POST", "/v1/legs/{leg_id}/receipt", gateway, "leg.receipt", key, kNoMatch, "Receipt", "Leg", 200, Lane::none, "Signed proof that the addressed system has the request (T6)"},
    {"leg_acknowledge", "POST", "/v1/legs/{leg_id}/acknowledgement", any, "leg.acknowledge", key, kIfMatch, "", "Leg", 200, Lane::none, "Acknowledge receipt (T7)"},
    {"leg_assign", "POST", "/v1/legs/{leg_id}/assignment", any, "leg.assign", key, kIfMatch, "Assignment", "Leg", 200, Lane::none, "Give it to an analyst; the search begins (T8)"},
    {"leg_ask", "POST", "/v1/legs/{leg_id}/clarifications", any, "leg.ask", key, kIfMatch, "ClarificationAsk", "Leg", 201, Lane::none, "Ask the requester for missing data (T9)"},
    {"leg_reply", "POST", "/v1/legs/{leg_id}/clarification-reply", any, "leg.reply", key, kIfMatch, "ClarificationReply", "Leg", 200, Lane::none, "Requester answers the question (T10)"},
    {"leg_delay", "POST", "/v1/legs/{leg_id}/delay", any, "leg.delay", key, kIfMatch, "Delay", "Leg", 200, Lane::none, "Delay with coded reason and review date (T12)"},
    {"leg_resume", "POST", "/v1/legs/{leg_id}/resumption", any, "leg.resume", key, kIfMatch, "", "Leg", 200, Lane::none, "End a delay and search on (T13)"},
    {"leg_answer", "POST", "/v1/legs/{leg_id}/answers", any, "leg.answer", key, kIfMatch, "AnswerGive", "Leg", 201, Lane::none, "Answer in part, in full or with no record (T14, T15, T16, T18)"},
    {"leg_refuse", "POST", "/v1/legs/{leg_id}/refusal", any, "leg.refuse", key, kIfMatch, "Refusal", "Leg", 200, Lane::none, "Refuse with coded reason (T13, T19)"},
    {"leg_forward", "POST", "/v1/legs/{leg_id}/forward", any, "leg.forward", key, kIfMatch, "Forward", "Leg", 200, Lane::none, "Pass on to the next country, if consent was given (T20)"},
    {"leg_appeal", "POST", "/v1/legs/{leg_id}/appeal", any, "leg.appeal", key, kIfMatch, "Reason", "Leg", 201, Lane::none, "Requester asks for a refusal or restriction to be reviewed"},
    {"leg_appeal_decide", "POST", "/v1/legs/{leg_id}/appeal-decision", session, "leg.decide_appeal", key, kIfMatch, "CaseDecision", "Leg", 200, Lane::none, "Receiving national contact decides the appeal (T28)"},
    {"answer_approve", "POST", "/v1/answers/{answer_id}/approval", session, "answer.approve", key, kNoMatch, "CaseDecision", "Leg", 200, Lane::none, "Second person releases an answer with purchaser or stock data"},
    {"answer_correct", "POST", "/v1/answers/{answer_id}/correction", any, "answer.correct", key, kNoMatch, "AnswerGive", "Leg", 201, Lane::none, "Supersede an answer with a corrected one (T30)"},
    {"answer_recall", "POST", "/v1/answers/{answer_id}/recall", any, "answer.recall", key, kNoMatch, "Reason", "Leg", 200, Lane::none, "Recall an answer; readers of it are told (T30)"},
    {"answer_restrict", "POST", "/v1/answers/{answer_id}/restriction", any, "answer.restrict", key, kNoMatch, "Restriction", "Leg", 200, Lane::none, "Withhold field groups with coded reason (T17)"},

    // bulk
    {"import_start", "POST", "/v1/imports", any, "import.start", key, kNoMatch, "ImportStart", "Import", 201, Lane::none, "Announce a file; the same file gives the same import"},
    {"import_rows", "POST", "/v1/imports/{import_id}/rows", any, "import.rows", natural, kNoMatch, "ImportRows", "ImportRowResults", 200, Lane::none, "Send rows; each gets its own result"},
    {"import_read", "GET", "/v1/imports/{import_id}", any, "import.read", safe, kNoMatch, "", "Import", 200, Lane::none, "Counts of an import"},
    {"import_results", "GET", "/v1/imports/{import_id}/rows", any, "import.read_rows", safe, kNoMatch, "", "ImportRowResults", 200, Lane::none, "Results by row"},

    // serial numbers
    {"serial_search", "POST", "/v1/serial-search", any, "serial.search", natural, kNoMatch, "SerialSearch", "SerialSearchResult", 200, Lane::none, "Requests about firearms whose serial number is or looks like this one"},
    // the register of lost, stolen, trafficked, smuggled, wanted and destroyed firearms
    {"register_add", "POST", "/v1/records", any, "register.add", key, kNoMatch, "NewRecord", "Record", 201, Lane::none, "Enter a firearm into the register of the own agency"},
    {"register_import", "POST", "/v1/records/bulk", any, "register.import", key, kNoMatch, "NewRecords", "NewRecordResults", 200, Lane::none, "Enter many; each row gets its own result"},
    {"register_list", "GET", "/v1/records", any, "register.list", safe, kNoMatch, "", "RecordList", 200, Lane::none, "Own agency's records, newest first, with filters"},
    {"register_read", "GET", "/v1/records/{record_id}", any, "register.read", safe, kNoMatch, "", "Record", 200, Lane::none, "One record"},
    {"register_confirm", "POST", "/v1/records/{record_id}/confirmation", session, "register.confirm", key, kIfMatch, "", "Record", 200, Lane::none, "A person says that the record is still right"},
    {"register_clear", "POST", "/v1/records/{record_id}/clearance", any, "register.clear", key, kIfMatch, "RecordClearance", "Record", 200, Lane::none, "End a record, with the reason"},
    {"match_list", "GET", "/v1/matches", any, "match.list", safe, kNoMatch, "", "MatchList", 200, Lane::none, "Requests and records that seem to be about one firearm, newest first"},
    {"match_note", "POST", "/v1/matches", session, "match.note", key, kNoMatch, "MatchNote", "Match", 201, Lane::none, "Note that two requests seem to be about one firearm"},
    {"match_decide", "POST", "/v1/matches/{match_id}/decision", session, "match.decide", key, kNoMatch, "MatchDecision", "Match", 200, Lane::none, "A person who compared them confirms or rejects a match"},

    // events
    {"events", "GET", "/v1/events", any, "event.read", safe, kNoMatch, "", "EventList", 200, Lane::none, "What changed after a sequence number (long poll)"},
    {"stream", "GET", "/v1/stream", any, "event.stream", safe, kNoMatch, "", "", 101, Lane::none, "The same as WebSocket messages"},

    // audit
    {"audit_entries", "GET", "/v1/audit/entries", session, "audit.search", safe, kNoMatch, "", "AuditEntryList", 200, Lane::none, "Audit records of the own agency or country"},
    {"audit_proof", "GET", "/v1/audit/entries/{event_id}/proof", any, "audit.proof", safe, kNoMatch, "", "TlogProof", 200, Lane::none, "Inclusion proof of one record (tlog-proof)"},
    {"audit_consistency", "GET", "/v1/audit/consistency", any, "", safe, kNoMatch, "", "ConsistencyProof", 200, Lane::none, "Proof that a later tree only grew"},
    {"break_glass_list", "GET", "/v1/audit/break-glass", session, "audit.break_glass", safe, kNoMatch, "", "BreakGlassList", 200, Lane::none, "Who broke the glass of which case and why; those that wait for a review first"},
    {"break_glass_review", "POST", "/v1/audit/break-glass/{grant_id}/review", session, "audit.review_break_glass", key, kNoMatch, "BreakGlassReview", "BreakGlass", 200, Lane::none, "Say whether the glass was broken with reason"},
    {"audit_reading", "GET", "/v1/audit/reading", session, "audit.reading", safe, kNoMatch, "", "ReadAnomalyList", 200, Lane::none, "Who of the own agency read cases unusually often on a day, or at night"},
    {"audit_export", "GET", "/v1/audit/export", session, "audit.export", safe, kNoMatch, "", "AuditExport", 200, Lane::none, "Leaves as NDJSON with the checkpoint"},
    {"audit_checkpoint", "GET", "/audit/checkpoint", none, "", safe, kNoMatch, "", "Checkpoint", 200, Lane::none, "Newest signed checkpoint (tlog-checkpoint)"},
    {"audit_tile", "GET", "/audit/tile/{tile_path}", none, "", safe, kNoMatch, "", "Tile", 200, Lane::none, "Hash tiles (tlog-tiles)"},
    {"audit_entry_tile", "GET", "/audit/entries/{tile_path}", session, "audit.read_entry_tile", safe, kNoMatch, "", "Tile", 200, Lane::none, "Entry bundles, for auditors"},
};
// clang-format on

}  // namespace

std::span<Endpoint const> endpoints() noexcept {
    return kEndpoints;
}

Endpoint const* find_endpoint(std::string_view operation) noexcept {
    for (auto const& endpoint : kEndpoints) {
        if (endpoint.operation == operation) {
            return &endpoint;
        }
    }
    return nullptr;
}

}  // namespace rastro::protocol

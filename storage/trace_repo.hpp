// Trace requests: load and store, no rules. Everything runs inside the caller's unit of work, under
// its row-level security.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cases/access.hpp"
#include "storage/db/unit_of_work.hpp"
#include "storage/trace_rows.hpp"

namespace rastro::storage {

// The statement that writes these requests of the acting agency, with all that belongs to them.
[[nodiscard]] BoundQuery file_requests_query(std::span<NewTraceRequest const> requests);

enum class Lock : std::uint8_t { none, for_update };

// nullopt: absent, or outside the actor's relations. `relations` is filled in for the acting
// agency.
[[nodiscard]] std::optional<TraceCase> find_request(UnitOfWork& unit,
                                                    CaseId const& case_id,
                                                    Lock lock);

// The parts of the content that `groups` allow; what is not allowed is never fetched. `own`: the
// owner's view (exact place, recipients, free texts of the owner). Who approves for the owner sees
// where the request goes and why it is urgent. A masked (sensitive) requester is left out for
// others whatever the groups say.
[[nodiscard]] cases::TraceRequestContent load_content(UnitOfWork& unit,
                                                      TraceCase const& file,
                                                      std::set<std::string> const& groups,
                                                      bool own,
                                                      int description_version);

// Rewrites the content of a draft or returned request: everything but the description, which gets a
// new version when `new_description` is set.
void replace_content(UnitOfWork& unit,
                     TraceCase const& file,
                     cases::TraceRequestContent const& content,
                     bool new_description,
                     std::string const& calibre_group);

// Adds a description version and makes it the current one; `file` is updated.
void add_description(UnitOfWork& unit,
                     TraceCase& file,
                     cases::FirearmDescription const& description,
                     std::string const& calibre_group,
                     std::string const& stated_by,
                     std::string const& reason);
struct DescriptionVersion {
    int version = 1;
    std::string stated_by;
    Instant stated_at{};
    std::string change_reason;
    cases::FirearmDescription description;
};
[[nodiscard]] std::vector<DescriptionVersion> load_descriptions(UnitOfWork& unit,
                                                                CaseId const& case_id,
                                                                bool with_serial);

// Stores state, flags, outcome, handling, approver, times and lead of `file`, and raises its
// version by one. Throws StorageError(retry) if the row is no longer at file.version.
void store_request_state(UnitOfWork& unit, TraceCase& file);
// The restriction in words that goes with file.handling_code; empty: none.
void store_handling_text(UnitOfWork& unit, TraceCase const& file, std::string const& text);

// Chains the events to the case's last one and stores them with their texts; `file` gets the new
// last hash (stored by store_request_state or by touch_last_event when the request itself does not
// change).
void append_events(UnitOfWork& unit, CaseFile& file, std::vector<CaseEvent> events);
void touch_last_event(UnitOfWork& unit, CaseFile const& file);
void add_parties(UnitOfWork& unit,
                 TraceCase const& file,
                 std::string_view relation,
                 std::vector<std::string> const& agencies);

[[nodiscard]] std::vector<CaseEvent> load_timeline(UnitOfWork& unit, CaseId const& case_id);

// Own agency's requests, newest first.
struct RequestFilter {
    std::optional<std::string> state;
    std::optional<std::string> priority;
    std::optional<std::string> asked_country;
    std::optional<Instant> created_from;
    std::optional<Instant> created_to;
    std::string agency_case_no;   // exact; empty: any
    std::string number;           // exact; empty: any
    std::string serial_skeleton;  // exact look-alike form; empty: any
    bool approving = false;       // also the requests of others that the agency approves
};
struct RequestKey {  // keyset position: rows after this one
    Instant created_at{};
    CaseId case_id;
};
struct RequestSummary {
    CaseId case_id;
    std::string number;
    std::string state;
    std::string priority;
    std::string handling_code;
    int version = 1;
    Instant created_at{};
    Instant updated_at{};
    std::string agency_case_no;
    std::string make_text;
    std::string model_text;
    std::string calibre_text;
    std::string type_code;
    std::string serial_raw;
    std::string serial_condition;
    std::string outcome_code;
    std::vector<std::string> asked_countries;
    std::optional<Instant> next_due;
};
[[nodiscard]] std::vector<RequestSummary> list_requests(UnitOfWork& unit,
                                                        std::string const& agency,
                                                        RequestFilter const& filter,
                                                        std::optional<RequestKey> const& after,
                                                        int limit);

}  // namespace rastro::storage

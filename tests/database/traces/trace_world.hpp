// Agencies of three countries, their people, and the handlers of trace requests over a database of
// their own: what a test does here goes the way of the server between its network and its database.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cases/actor.hpp"
#include "common/outcome.hpp"
#include "server/call.hpp"
#include "storage/db/connection.hpp"
#include "storage/trace_rows.hpp"

namespace rastro::test_support {

// A request or leg as a caller saw it.
struct Seen {
    boost::json::value document;
    server::Reply reply;
    server::AuditDraft audit;
    [[nodiscard]] std::string text(std::string_view pointer) const;   // "" if it is not there
    [[nodiscard]] std::size_t count(std::string_view pointer) const;  // of an array; 0 if absent
    [[nodiscard]] bool has(std::string_view pointer) const;
    [[nodiscard]] std::string case_id() const { return text("/case_id"); }
    [[nodiscard]] int version() const;
};

struct Asked {
    std::string operation;
    std::string id;  // of the path's only parameter
    std::string body;
    std::optional<int> version;  // If-Match
    std::map<std::string, std::string, std::less<>> query;
};

class TraceWorld {
 public:
    // `automatic`: XA's police sends routine requests without a person's approval.
    explicit TraceWorld(bool automatic);
    ~TraceWorld();
    TraceWorld(TraceWorld const&) = delete;
    TraceWorld& operator=(TraceWorld const&) = delete;

    std::string const police;       // asks, in XA
    std::string const contact;      // national contact of XA
    std::string const baltora;      // tracing centre of XB
    std::string const corvania;     // tracing centre of XC
    std::string const stranger_in;  // police of XB

    [[nodiscard]] static cases::Actor person(std::string const& agency,
                                             std::string_view name,
                                             std::set<cases::Role> roles);
    cases::Actor author, colleague, supervisor, approver;  // colleague: a user like the author
    cases::Actor baltora_analyst, baltora_supervisor, corvania_analyst, stranger;

    // Runs one call; what it changed is committed unless it was refused.
    Outcome<Seen> call(cases::Actor const& actor, Asked const& asked);
    // The same, which must succeed.
    Seen did(cases::Actor const& actor, Asked const& asked);
    // Slug of the problem that it must give; "problem pointer code" for one with violations.
    std::string refused(cases::Actor const& actor, Asked const& asked);

    // Case id of a stored request: `body` as of trace_create.
    std::string create(cases::Actor const& actor, std::string_view body);
    Seen read(cases::Actor const& actor, std::string const& case_id);
    // By `actor`, at the present version.
    Seen act(cases::Actor const& actor,
             std::string_view operation,
             std::string const& case_id,
             std::string body = {});
    // Id of the leg of the case that `actor`'s agency was asked by.
    std::string leg_of(cases::Actor const& actor, std::string const& case_id);
    // An act upon that leg, at its present version.
    Seen act_on_leg(cases::Actor const& actor,
                    std::string_view operation,
                    std::string const& case_id,
                    std::string body = {});
    // Delivers to hosted agencies, as the server's timers do.
    void deliver();
    // The leg is delivered, acknowledged and assigned to the analyst.
    void take_up(cases::Actor const& analyst, cases::Actor const& head, std::string const& case_id);

    // Kinds of the messages about a case that wait for an agency, in order.
    std::vector<std::string> messages(std::string const& agency, std::string const& case_id);
    // Events of the case as "T1 DRAFT>NATIONAL_REVIEW", all of them.
    std::vector<std::string> events(std::string const& case_id);
    // State of each deadline of a clock.
    std::vector<std::string> clocks(std::string const& case_id, std::string_view clock);

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// Body of a request that may be sent: to XB unless told otherwise, members of `more` put over it.
[[nodiscard]] std::string request_body(std::string_view more = "{}");

}  // namespace rastro::test_support

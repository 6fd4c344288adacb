// One batch of a lane as one transaction in two round trips. The first begins it, authenticates
// every caller, claims the idempotency keys and asks what the operation needs to know; the second
// stores what was decided, the answers for repeats and an audit leaf for each call, refused ones
// included, and commits. In between everything is computed without the database.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "server/lane.hpp"
#include "storage/idempotency.hpp"

namespace rastro::server {

class LaneSession {
 public:
    // `calls`: of one operation and, as far as is known, one agency.
    LaneSession(Services& services, storage::Connection& connection, std::span<LaneCall*> calls);
    LaneSession(LaneSession const&) = delete;
    LaneSession& operator=(LaneSession const&) = delete;

    // For open(): runs under the row-level security of the batch's agency. Returns where its result
    // will stand.
    std::size_t ask(storage::BoundQuery query);
    // First round trip. Calls whose credential is not good, that may not go on (admit), or whose
    // key is held elsewhere are answered. Throws StorageError(retry) if the callers turn out to be
    // of several agencies: then the calls are run one by one.
    void open();
    [[nodiscard]] std::span<storage::Rows const> results(std::size_t at, std::size_t count) const;

    [[nodiscard]] storage::UnitOfWork& unit() noexcept { return unit_; }

    // Calls `act` for every call that waits for an answer, in order; one that repeats an earlier
    // call (of before or of this batch) gets the first answer instead.
    void each(std::function<Outcome<Reply>(LaneCall&)> const& act);
    // Second round trip: nothing is true before it returns.
    void close();

 private:
    struct Caller {
        storage::ShownCredential const* credential = nullptr;
        std::vector<LaneCall*> calls;
    };
    using Holders = std::vector<std::optional<storage::Authenticated>>;

    void group_callers();
    [[nodiscard]] Holders send_first();
    void admit_calls(Caller const& caller, std::optional<storage::Authenticated> const& holder);
    void settle_held_keys(storage::Rows const& claims);
    void keep_one_agency(Holders const& holders);
    void touch_sessions(Holders const& holders);
    [[nodiscard]] std::optional<Outcome<Reply>> earlier_answer(LaneCall& call);
    void settle(LaneCall& call, Outcome<Reply> outcome);

    Services& services_;
    storage::Connection& connection_;
    std::span<LaneCall*> calls_;
    storage::UnitOfWork unit_;
    protocol::Endpoint const& endpoint_;
    std::string access_;
    storage::AuthenticationRules rules_;
    std::vector<Caller> callers_;
    std::vector<storage::BoundQuery> asked_;
    std::vector<storage::Rows> answers_;
    std::vector<storage::OwnedAnswer> stored_;
    std::vector<storage::OwnedAnswer> fresh_;
};

}  // namespace rastro::server

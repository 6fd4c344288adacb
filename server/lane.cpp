#include "server/lane.hpp"

#include "server/services.hpp"
#include "storage/db/storage_error.hpp"

namespace rastro::server {

namespace {
constexpr std::size_t kManyHints = 100'000;
}

Instant LaneCall::services_now(Services& services) {
    return services.clock.now();
}

struct Lanes::Item final : storage::LaneItem {
    std::shared_ptr<LaneCall> call;
    std::function<void(bool)> done;
};

void Lanes::add(std::string_view operation, LaneParse parse, LaneBatch batch) {
    auto lane = std::make_unique<Lane>();
    lane->operation = std::string(operation);
    lane->parse = std::move(parse);
    lane->batch = std::move(batch);
    auto const index = lanes_.size();
    lane->pool_lane =
        pool_.add_lane([this, index](storage::Connection* connection,
                                     std::vector<std::shared_ptr<storage::LaneItem>> items) {
            run(index, connection, std::move(items));
        });
    lanes_.push_back(std::move(lane));
}

Lanes::LaneParse const* Lanes::find(std::string_view operation) const {
    for (auto const& lane : lanes_) {
        if (lane->operation == operation) {
            return &lane->parse;
        }
    }
    return nullptr;
}

bool Lanes::submit(std::string_view operation,
                   std::string const& agency,
                   std::shared_ptr<LaneCall> call,
                   std::function<void(bool)> done) {
    for (auto const& lane : lanes_) {
        if (lane->operation == operation) {
            auto item = std::make_shared<Item>();
            item->call = std::move(call);
            item->done = std::move(done);
            return pool_.submit_to_lane(lane->pool_lane, agency, std::move(item));
        }
    }
    return false;
}

void Lanes::run(std::size_t lane,
                storage::Connection* connection,
                std::vector<std::shared_ptr<storage::LaneItem>> items) {
    std::vector<LaneCall*> calls;
    calls.reserve(items.size());
    for (auto const& item : items) {
        calls.push_back(static_cast<Item&>(*item).call.get());
    }
    auto const attempt = [&](std::span<LaneCall*> some) {
        try {
            lanes_[lane]->batch(*connection, some);
            return true;
        } catch (...) {
            auto const problem = storage::problem_of_current_exception(lanes_[lane]->operation);
            connection->rollback();
            for (auto* call : some) {
                call->outcome = Outcome<Reply>(problem);
            }
            // Nobody knows whether an unanswered COMMIT happened: the callers repeat with their
            // keys.
            return problem.code() == ProblemCode::outcome_unknown ||
                   problem.code() == ProblemCode::storage_unavailable;
        }
    };
    if (connection != nullptr && !attempt(calls) && calls.size() > 1) {
        for (auto& call : calls) {
            call->outcome.reset();
            LaneCall* alone[] = {call};
            if (!connection->is_usable()) {
                call->outcome =
                    Outcome<Reply>(Problem(ProblemCode::storage_unavailable).with_retry_after(1));
            } else {
                static_cast<void>(attempt(alone));
            }
        }
    }
    for (auto const& item : items) {
        static_cast<Item&>(*item).done(connection != nullptr);
    }
}

std::string Lanes::agency_hint(Digest const& token_hash) const {
    std::lock_guard const lock(hints_mutex_);
    auto const found = hints_.find(token_hash);
    return found == hints_.end() ? std::string() : found->second;
}

void Lanes::remember_agency(Digest const& token_hash, std::string const& agency) {
    std::lock_guard const lock(hints_mutex_);
    if (hints_.size() > kManyHints) {
        hints_.clear();
    }
    hints_.insert_or_assign(token_hash, agency);
}

}  // namespace rastro::server

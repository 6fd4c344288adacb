// Binds each operation of the endpoint table to its two stages: parse (network thread, no side
// effects, all violations at once) and run (database worker, inside one unit of work, plain
// synchronous code).
//
// Adding an endpoint: a row in protocol/endpoints.cpp, rules in cases/permissions.csv, a reader in
// protocol, and one line   routes.add("operation", parse_x, run_x)   in the handler file's bind_*
// function.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "server/call.hpp"

namespace rastro::server {

// Password work that a call needs between two units of work, so that no database worker waits for
// Argon2id.
struct HashingWork {
    std::optional<std::string>
        verify_password;  // against verify_hash; an absent hash costs the same time and fails
    std::string verify_hash;
    std::optional<std::string> hash_password;  // to be hashed anew
};
struct HashingResult {
    bool failed = false;  // no memory: nothing is known, answer overloaded
    bool verified = false;
    std::string verified_hash;  // what `verified` is about: `run` compares it with the hash that
                                // stands by then
    std::string new_hash;
};

// A parsed command with the code to run it; may be run several times (serialization retries).
struct PreparedCall {
    // Optional first unit of work, before the hashing. Its audit record is not written: it decides
    // nothing.
    std::function<Outcome<HashingWork>(Call&, storage::UnitOfWork&)> before_hashing;
    std::function<Outcome<Reply>(Call&, HashingResult const&, storage::UnitOfWork&)> run;
};
using ParseStage = std::function<Outcome<PreparedCall>(Arrival const&)>;

// Answers on the network thread, without a database worker: health, documents.
using DirectStage = std::function<Outcome<Reply>(Arrival const&, HttpRequest const&)>;
// A coroutine of its own, for calls that wait (long poll) or stream.
using FlowStage = std::function<boost::asio::awaitable<HttpReply>(HttpRequest, Arrival)>;

class Routes {
 public:
    // Command parse(Arrival const&) -> Outcome<Command>; Outcome<Reply> run(Call&, Command const&,
    // UnitOfWork&).
    template <class Parse, class Run>
    void add(std::string_view operation, Parse parse, Run run) {
        bind(operation, [parse, run](Arrival const& arrival) -> Outcome<PreparedCall> {
            auto parsed = parse(arrival);
            if (!parsed) {
                return parsed.error();
            }
            auto command =
                std::make_shared<std::decay_t<decltype(parsed.value())>>(std::move(parsed).value());
            PreparedCall prepared;
            prepared.run = [command, run](
                               Call& call, HashingResult const&, storage::UnitOfWork& unit) {
                return run(call, *command, unit);
            };
            return prepared;
        });
    }
    // before(Call&, Command const&, UnitOfWork&) -> Outcome<HashingWork>;
    // run(Call&, Command const&, HashingResult const&, UnitOfWork&) -> Outcome<Reply>.
    template <class Parse, class Before, class Run>
    void add_with_hashing(std::string_view operation, Parse parse, Before before, Run run) {
        bind(operation, [parse, before, run](Arrival const& arrival) -> Outcome<PreparedCall> {
            auto parsed = parse(arrival);
            if (!parsed) {
                return parsed.error();
            }
            auto command =
                std::make_shared<std::decay_t<decltype(parsed.value())>>(std::move(parsed).value());
            PreparedCall prepared;
            prepared.before_hashing = [command, before](Call& call, storage::UnitOfWork& unit) {
                return before(call, *command, unit);
            };
            prepared.run = [command, run](Call& call,
                                          HashingResult const& hashing,
                                          storage::UnitOfWork& unit) {
                return run(call, *command, hashing, unit);
            };
            return prepared;
        });
    }
    // All throw std::logic_error for an unknown operation or one bound twice.
    void bind(std::string_view operation, ParseStage stage);
    void bind_direct(std::string_view operation, DirectStage stage);
    void bind_flow(std::string_view operation, FlowStage stage);
    // Answered by a lane (server/lane.hpp), which holds its stages.
    void bind_lane(std::string_view operation);

    struct Match {
        protocol::Endpoint const* endpoint = nullptr;
        ParseStage const* stage = nullptr;  // at most one of the three is set
        DirectStage const* direct = nullptr;
        FlowStage const* flow = nullptr;  // none for an operation of a lane
        std::map<std::string, std::string, std::less<>> path;
        std::string allow;  // methods of that path, when the method is not one of them: answer 405
    };
    // endpoint == nullptr and allow empty: 404.
    [[nodiscard]] Match find(std::string_view method, std::string_view path) const;
    // Operations of the endpoint table that nothing is bound to.
    [[nodiscard]] std::vector<std::string> unbound() const;

 private:
    void check_new(std::string_view operation) const;
    std::map<std::string, ParseStage, std::less<>> stages_;
    std::map<std::string, DirectStage, std::less<>> direct_;
    std::map<std::string, FlowStage, std::less<>> flows_;
    std::set<std::string, std::less<>> lanes_;
};

// A command without content.
struct NoCommand {};
[[nodiscard]] inline Outcome<NoCommand> parse_nothing(Arrival const&) {
    return NoCommand{};
}

}  // namespace rastro::server

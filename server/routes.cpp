#include "server/routes.hpp"

#include <stdexcept>

#include "common/text.hpp"

namespace rastro::server {

namespace {

// Matches a template such as /v1/legs/{leg_id}; a last parameter named *_path takes the rest of the
// path.
bool matches(std::string_view pattern,
             std::string_view path,
             std::map<std::string, std::string, std::less<>>& found) {
    found.clear();
    while (true) {
        auto const pattern_end = pattern.find('/');
        auto const part = pattern.substr(0, pattern_end);
        bool const last = pattern_end == std::string_view::npos;
        if (part.starts_with('{') && part.ends_with("_path}")) {
            if (path.empty()) {
                return false;
            }
            found.emplace(part.substr(1, part.size() - 2), path);
            return true;
        }
        auto const path_end = path.find('/');
        auto const given = path.substr(0, path_end);
        if (part.starts_with('{')) {
            if (given.empty()) {
                return false;
            }
            found.emplace(part.substr(1, part.size() - 2), given);
        } else if (part != given) {
            return false;
        }
        if (last || path_end == std::string_view::npos) {
            return last && path_end == std::string_view::npos;
        }
        pattern.remove_prefix(pattern_end + 1);
        path.remove_prefix(path_end + 1);
    }
}

}  // namespace

void Routes::check_new(std::string_view operation) const {
    if (protocol::find_endpoint(operation) == nullptr) {
        throw std::logic_error("no endpoint " + std::string(operation));
    }
    if (stages_.contains(operation) || direct_.contains(operation) || flows_.contains(operation) ||
        lanes_.contains(operation)) {
        throw std::logic_error("endpoint bound twice: " + std::string(operation));
    }
}

void Routes::bind(std::string_view operation, ParseStage stage) {
    check_new(operation);
    stages_.emplace(operation, std::move(stage));
}

void Routes::bind_direct(std::string_view operation, DirectStage stage) {
    check_new(operation);
    direct_.emplace(operation, std::move(stage));
}

void Routes::bind_flow(std::string_view operation, FlowStage stage) {
    check_new(operation);
    flows_.emplace(operation, std::move(stage));
}

void Routes::bind_lane(std::string_view operation) {
    check_new(operation);
    lanes_.emplace(operation);
}

Routes::Match Routes::find(std::string_view method, std::string_view path) const {
    Match match;
    std::map<std::string, std::string, std::less<>> parameters;
    // HEAD is GET without the body (RFC 9110 9.3.2); the session drops the body.
    auto const wanted = method == "HEAD" ? std::string_view("GET") : method;
    for (auto const& endpoint : protocol::endpoints()) {
        if (!matches(endpoint.path, path, parameters)) {
            continue;
        }
        auto const stage = stages_.find(endpoint.operation);
        auto const direct = direct_.find(endpoint.operation);
        auto const flow = flows_.find(endpoint.operation);
        bool const lane = lanes_.contains(endpoint.operation);
        if (stage == stages_.end() && direct == direct_.end() && flow == flows_.end() && !lane) {
            continue;
        }
        if (endpoint.method == wanted) {
            match.endpoint = &endpoint;
            match.stage = stage == stages_.end() ? nullptr : &stage->second;
            match.direct = direct == direct_.end() ? nullptr : &direct->second;
            match.flow = flow == flows_.end() ? nullptr : &flow->second;
            match.path = std::move(parameters);
            return match;
        }
        match.allow += match.allow.empty() ? "" : ", ";
        match.allow += endpoint.method;
        if (endpoint.method == "GET") {
            match.allow += ", HEAD";
        }
    }
    return match;
}

std::vector<std::string> Routes::unbound() const {
    std::vector<std::string> missing;
    for (auto const& endpoint : protocol::endpoints()) {
        auto const& name = endpoint.operation;
        if (!stages_.contains(name) && !direct_.contains(name) && !flows_.contains(name) &&
            !lanes_.contains(name)) {
            missing.emplace_back(endpoint.operation);
        }
    }
    return missing;
}

}  // namespace rastro::server

#include "protocol/health_json.hpp"

#include <algorithm>

#include "protocol/json_writer.hpp"

namespace rastro::protocol {

std::string write_health() {
    return R"({"status":"alive"})";
}

std::string write_readiness(std::vector<ReadinessCheck> const& checks) {
    bool const ok =
        std::ranges::all_of(checks, [](ReadinessCheck const& check) { return check.ok; });
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.text("status", ok ? "ok" : "failed");
    json.begin_array("checks");
    for (auto const& check : checks) {
        json.begin_object();
        json.text("name", check.name);
        json.boolean("ok", check.ok);
        json.text_if("detail", check.detail);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return out;
}

std::string write_version(std::string_view version, std::string_view commit, bool demo) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.text("name", "rastrod");
    json.text("version", version);
    json.text_if("commit", commit);
    if (demo) {
        json.boolean("demo", true);
    }
    json.end_object();
    return out;
}

}  // namespace rastro::protocol

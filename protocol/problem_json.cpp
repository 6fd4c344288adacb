#include "protocol/problem_json.hpp"

#include "protocol/json_writer.hpp"

namespace rastro::protocol {

std::string problem_json(Problem const& problem, ProblemContext const& context) {
    auto const& info = problem.info();
    std::string out;
    out.reserve(256);
    JsonWriter writer(out);
    writer.begin_object();
    writer.text("type", "/problems/" + std::string(info.slug));
    writer.text("title", problem_title(context.language, info.slug));
    writer.integer("status", info.status);
    writer.text("code", info.slug);
    writer.text_if("detail", problem.detail());
    writer.text_if("instance", context.instance);
    writer.text_if("request_id", context.request_id);
    writer.text_if("trace_id", context.trace_id);
    if (problem.retry_after_s() > 0) {
        writer.integer("retry_after_s", problem.retry_after_s());
    }
    if (!problem.violations().empty()) {
        writer.begin_array("errors");
        for (auto const& violation : problem.violations()) {
            writer.begin_object();
            writer.text("pointer", violation.pointer);
            writer.text("code", violation.code);
            writer.text("message",
                        violation_message(context.language, violation.code, violation.params));
            writer.end_object();
        }
        writer.end_array();
    }
    writer.end_object();
    return out;
}

std::string problem_type_json(std::string_view slug, Language language) {
    for (auto const& info : all_problems()) {
        if (info.slug == slug) {
            std::string out;
            JsonWriter writer(out);
            writer.begin_object();
            writer.text("code", info.slug);
            writer.text("title", problem_title(language, info.slug));
            writer.integer("status", info.status);
            writer.boolean("retryable", info.retryable);
            writer.end_object();
            return out;
        }
    }
    return {};
}

}  // namespace rastro::protocol

#include "protocol/type_version_json.hpp"

#include <array>
#include <boost/json/serialize.hpp>

#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

namespace rastro::protocol {

namespace {

constexpr TextRule kNote{TextKind::text, 2000, 1};
constexpr TextRule kName{TextKind::code, 64, 1};
constexpr ItemCount kMost{200};
constexpr std::array<std::string_view, 3> kDecisions{"accepted", "rejected", "retired"};
constexpr int kMostVersion = 1'000'000;

std::string any_object(ObjectReader& in, std::string_view name) {
    auto const* value = in.any(name);
    if (value == nullptr) {
        in.violate(name, "missing_member");
        return {};
    }
    if (!value->is_object()) {
        in.violate(name, "wrong_type", {"object"});
        return {};
    }
    return boost::json::serialize(*value);
}

void append_version(std::string& out, TypeVersionMessage const& message) {
    JsonWriter json(out);
    json.begin_object();
    json.text("type", message.type);
    json.integer("version", message.version);
    json.text("state", message.state);
    json.text("sha256", message.sha256);
    json.text_if("agency", message.agency);
    json.text_if("note", message.note);
    json.text_if("proposed_by", message.proposed_by);
    json.time_if("proposed_at", message.proposed_at);
    json.text_if("decided_by", message.decided_by);
    json.time_if("decided_at", message.decided_at);
    json.end_object();
}

}  // namespace

Outcome<TypeVersionPropose> read_type_version_propose(std::string_view body) {
    return read_body(body, [](ObjectReader& in) {
        TypeVersionPropose message;
        message.definition = any_object(in, "definition");
        message.note = in.text("note", kNote);
        return message;
    });
}

Outcome<TypeVersionDecision> read_type_version_decision(std::string_view body) {
    return read_body(body, [](ObjectReader& in) {
        return TypeVersionDecision{in.listed("decision", kDecisions)};
    });
}

Outcome<CaseMove> read_case_move(std::string_view body) {
    return read_body(body, [](ObjectReader& in) {
        CaseMove message;
        message.to_version = static_cast<int>(in.integer("to_version", 1, kMostVersion));
        message.mapping.states = in.objects("states", kMost, [](ObjectReader& row) {
            return cases::StateMove{.object = row.text("object", kName),
                                    .from = row.text("from", kName),
                                    .to = row.text("to", kName)};
        });
        message.mapping.fields = in.objects("fields", kMost, [](ObjectReader& row) {
            return cases::FieldMove{.object = row.text("object", kName),
                                    .from = row.text("from", kName),
                                    .to = row.optional_text("to", kName)};
        });
        return message;
    });
}

std::string write_type_version(TypeVersionMessage const& message) {
    std::string out;
    append_version(out, message);
    return out;
}

std::string write_type_versions(std::vector<TypeVersionMessage> const& items) {
    return write_items(items, append_version, "");
}

}  // namespace rastro::protocol

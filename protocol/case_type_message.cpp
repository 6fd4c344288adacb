// A declared type as clients need it to draw forms and offer steps.
#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/linked_case_json.hpp"

namespace rastro::protocol {

namespace {

using namespace rastro::cases;

void append_label(JsonWriter& json, std::string_view name, Label const& label) {
    json.begin_object(name);
    json.text("en", label.en);
    json.text("es", label.es);
    json.text("pt", label.pt);
    json.text("fr", label.fr);
    json.end_object();
}

void append_field(JsonWriter& json, FieldDefinition const& field) {
    json.begin_object();
    json.text("name", field.name);
    json.text("type", field.type);
    json.text_if("list", field.list);
    json.text("group", field.group);
    json.texts_if("required_at", field.required_at);
    append_label(json, "label", field.label);
    json.end_object();
}

void append_object(JsonWriter& json, ObjectDefinition const& object) {
    json.begin_object();
    json.text("name", object.name);
    json.text_if("parent", object.parent);
    append_label(json, "label", object.label);
    json.text("initial", object.initial);
    json.begin_array("states");
    for (auto const& state : object.states) {
        json.begin_object();
        json.text("name", state.name);
        append_label(json, "label", state.label);
        json.boolean("open", state.open);
        json.boolean("final", state.final);
        json.end_object();
    }
    json.end_array();
    json.begin_array("fields");
    for (auto const& field : object.fields) {
        append_field(json, field);
    }
    json.end_array();
    json.end_object();
}

void append_transition(JsonWriter& json, TransitionDefinition const& row) {
    json.begin_object();
    json.text("id", row.id);
    json.text("object", row.object);
    json.texts("from", row.from);
    json.text("event", row.event);
    json.text("to", row.to);
    json.text("side", to_text(row.side));
    json.texts("roles", row.roles);
    json.texts_if("guards", row.guards);
    json.texts_if("required_inputs", row.required_inputs);
    json.text_if("document", row.document);
    json.boolean("two_persons", !row.two_person.empty());
    json.end_object();
}

void append_type(std::string& out, CaseTypeDefinition const* type) {
    JsonWriter json(out);
    json.begin_object();
    json.text("type", type->id);
    json.integer("version", type->version);
    append_label(json, "title", type->title);
    json.end_object();
}

}  // namespace

std::string write_case_types(std::vector<CaseTypeDefinition const*> const& types) {
    return write_items(types, append_type, "");
}

std::string write_case_type(CaseTypeDefinition const& type) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.text("type", type.id);
    json.integer("version", type.version);
    json.text("sha256", type.sha256);
    append_label(json, "title", type.title);
    json.texts_if("heading", type.heading);
    json.begin_array("objects");
    for (auto const& object : type.objects) {
        append_object(json, object);
    }
    json.end_array();
    json.begin_array("transitions");
    for (auto const& row : type.transitions) {
        append_transition(json, row);
    }
    json.end_array();
    json.begin_array("links");
    for (auto const& link : type.links) {
        json.begin_object();
        json.text("name", link.name);
        append_label(json, "label", link.label);
        json.end_object();
    }
    json.end_array();
    json.texts_if("signals", type.signals);
    json.end_object();
    return out;
}

}  // namespace rastro::protocol

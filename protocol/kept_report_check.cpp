#include "protocol/kept_report_check.hpp"

#include <array>
#include <boost/json.hpp>

#include "cases/reports/report_note.hpp"
#include "common/digest.hpp"
#include "common/text.hpp"

namespace rastro::protocol {

namespace {

namespace json = boost::json;

Problem wrong(std::string detail) {
    return Problem(ProblemCode::validation_failed, std::move(detail));
}

// The bytes of a member of the outermost object as they stand there: a digest is of bytes, and what
// is parsed and written again may differ.
std::string_view bytes_of_member(std::string_view text, std::string_view name) {
    int depth = 0;
    bool in_string = false;
    std::size_t string_at = 0;
    std::string_view last_string;
    std::size_t value_at = std::string_view::npos;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (in_string) {
            if (c == '\\') {
                ++i;
            } else if (c == '"') {
                in_string = false;
                last_string = text.substr(string_at, i - string_at);
            }
            continue;
        }
        bool const closes = c == '}' || c == ']';
        if (value_at != std::string_view::npos && depth == 1 && (c == ',' || closes)) {
            return trim(text.substr(value_at, i - value_at));
        }
        if (c == '"') {
            in_string = true;
            string_at = i + 1;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (closes) {
            --depth;
        } else if (c == ':' && depth == 1 && last_string == name &&
                   value_at == std::string_view::npos) {
            value_at = i + 1;
        }
    }
    return {};
}

std::string text_at(json::object const& object, std::string_view name) {
    auto const* found = object.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::string number_at(json::object const& object, std::string_view name) {
    auto const* found = object.if_contains(name);
    return found != nullptr && found->is_int64() ? std::to_string(found->as_int64())
                                                 : std::string();
}

}  // namespace

Outcome<std::string> check_kept_report(std::string_view reply, cases::VerifierKey const& key) {
    boost::system::error_code fault;
    auto const document = json::parse({reply.data(), reply.size()}, fault);
    if (fault || !document.is_object()) {
        return wrong("this is no kept report");
    }
    auto const& report = document.as_object();
    auto const bytes = bytes_of_member(reply, "report");
    auto const digest = to_hex(sha256(bytes));
    if (bytes.empty() || digest != text_at(report, "sha256")) {
        return wrong("the report's bytes do not have the digest that stands beside them");
    }
    auto const signature = text_at(report, "signature");
    if (signature.empty()) {
        return wrong("the report is not signed: it was not cleared, or the server had no key");
    }
    RASTRO_TRY(note, cases::parse_note(signature));
    RASTRO_TRY(keys, cases::verify_note(note, std::array{key}));
    auto const lines = split(note.text, '\n');
    auto const country = text_at(report, "country");
    auto const named = (country.empty() ? "*" : country) + " " + number_at(report, "year") + " " +
                       number_at(report, "version");
    bool const same = lines.size() >= 5 && lines[0] == cases::kReportNoteHeader &&
                      lines[2] == named && lines[3] == text_at(report, "snapshot_id") &&
                      lines[4] == "sha256 " + digest;
    if (!same) {
        return wrong("the signature is of another report");
    }
    return named + ": the report that was cleared, signed by " + keys.front().name;
}

}  // namespace rastro::protocol

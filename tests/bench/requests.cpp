#include "tests/bench/requests.hpp"

#include <fmt/format.h>

namespace rastro::bench {

namespace {

// With two numbers of its own, so that no request is a duplicate of another.
constexpr std::string_view kBody =
    R"({{"submit":true,"purpose":"investigation",)"
    R"("legal_basis":"Bilateral agreement of 2019, article 4",)"
    R"("offence_code":"robbery","illicit_ground":"illicit_under_local_law",)"
    R"("intended_use":"Identify the first buyer and the point of diversion",)"
    R"("special_instructions":"Answer to the duty desk; a written reply is enough.",)"
    R"("recipients":[{{"country":"XB"}}],"requested_groups":["G1","G5"],"forward_consent":true,)"
    R"("agency_case_no":"2026/{0:08}","unit":"Firearms unit, northern district",)"
    R"("requester_name":"Ana Lima","badge_no":"4711","contact":"firearms.north@police.example",)"
    R"("firearm":{{"serial_raw":"BX{0:08}","serial_condition":"clear","make_text":"Glock",)"
    R"("model_text":"19","calibre_text":"9x19","type_code":"pistol","origin_country":"XB",)"
    R"("marks":[{{"kind":"serial","place":"slide","state":"clear","text":"BX{0:08}"}},)"
    R"({{"kind":"serial","place":"frame_or_receiver","state":"clear","text":"BX{0:08}"}}],)"
    R"("remarks":"Slide and frame carry the same number; the barrel has no number."}},)"
    R"("recovery":{{"recovered_on":"2026-04-03","country":"XA","area":"Northern district",)"
    R"("place":"Harbour road 12","latitude":-33.5,"longitude":-70.25,"crime_gun":true,)"
    R"("context":["robbery"],"seizure_ref":"S-2026-{0:08}",)"
    R"("circumstances":"Found below the passenger seat of a car that was stopped at a road check; )"
    R"(two magazines and fourteen cartridges lay beside it."}},)"
    R"("possessor":{{"family_name":"Doe","given_names":"Jo","sex":"x","birth_date":"1990-01-31",)"
    R"("nationality":"XA"}}}})";

}  // namespace

SubmitRequests::SubmitRequests(std::uint16_t port, std::vector<std::string> tokens)
    : port_(port), tokens_(std::move(tokens)) {}

void SubmitRequests::next(std::size_t connection, std::string& out) {
    ++count_;
    auto const body = fmt::format(kBody, count_);
    out.clear();
    fmt::format_to(std::back_inserter(out),
                   "POST /v1/trace-requests HTTP/1.1\r\nHost: localhost:{}\r\n"
                   "Authorization: Bearer {}\r\nIdempotency-Key: bench-{:032}\r\n"
                   "Content-Type: application/json\r\nAccept: application/json\r\n"
                   "Content-Length: {}\r\n\r\n",
                   port_,
                   tokens_[connection % tokens_.size()],
                   count_,
                   body.size());
    out += body;
}

std::string_view case_id_in(std::string_view body) {
    constexpr std::string_view kBefore = R"("case_id":")";
    auto const at = body.find(kBefore);
    return at == std::string_view::npos ? std::string_view() : body.substr(at + kBefore.size(), 36);
}

std::string get_request(std::uint16_t port, std::string_view token, std::string_view path) {
    return fmt::format(
        "GET {} HTTP/1.1\r\nHost: localhost:{}\r\nAuthorization: Bearer {}\r\n"
        "Accept: application/json\r\n\r\n",
        path,
        port,
        token);
}

}  // namespace rastro::bench

#include "tests/bench/serial_class.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "cases/trace/serial.hpp"
#include "storage/db/connection.hpp"

namespace rastro::bench {

namespace {

// Runs of 2,000 numbers: a prefix of one to three letters that most makers share, then six digits;
// one in ten with a letter inside, one in twenty without any.
constexpr char const* kFill = R"(
set search_path = rastro, public;
set synchronous_commit = off;
create temporary table made as
  select n, md5('q' || n)::uuid as case_id, m.make_id,
         case when n % 20 = 0 then ''
              else substr('ABCDEFGHJKLMNPRSTUVWXYZ', 1 + (n / 2000 * 7) % 23, 1)
                   || case when n % 3 = 0 then '' else substr('KMNAXBRT', 1 + (n / 6000) % 8, 1) end end
         || lpad(((n / 2000 * 7919 + n % 2000) % 1000000)::text, 6, '0')
         || case when n % 10 = 5 then 'K' || (n % 90 + 10) else '' end as serial
  from generate_series({0}, {1}) n
  join (select make_id, row_number() over (order by make_id) - 1 as place, count(*) over () as makes
        from make where kind = 'maker') m on m.place = (n / 2000 * 13 + n % 5) % m.makes;
insert into case_file (case_id, case_type, type_version, number, state, owner_agency, owner_country,
                       handling_code, created_at, updated_at)
  select case_id, 'trace_request', 1, 'XA-2026-Q' || lpad(n::text, 8, '0'), 'IN_PROGRESS', '{2}', 'XA', 'H1',
         now(), now() from made;
insert into trace_request (case_id, priority, purpose) select case_id, 'routine', 'investigation' from made;
insert into firearm_description (case_id, version, stated_by, stated_at, serial_raw, serial_condition,
    serial_canon, serial_skeleton, serial_ncic, make_text, make_id, calibre_text, calibre_id, calibre_group,
    type_code, model_text)
  select case_id, 1, 'bench', now(), serial, 'clear', serial, translate(serial, 'OQDILZSGB', '000112568'),
         regexp_replace(replace(serial, 'O', '0'), '([0-9])[A-Z]+([0-9])', '\1\2', 'g'), make_id, make_id,
         '9x19', '9x19', '9 mm', 'pistol', 'M' || n % 7 from made;
drop table made;
)";
constexpr std::size_t kAtOnce = 250'000;
constexpr storage::Query kSample{
    "bench_serials",
    "select serial_raw, make_id from rastro.firearm_description where case_id in "
    "(select md5('q' || n)::uuid from generate_series(1, :count::bigint, :step::bigint) n)"};

struct Firearm {
    std::string serial;
    std::string make;
};
struct Question {
    std::string body;
    std::string expected;  // serial that the answer has to hold
};

std::string body_of(std::string const& serial, std::string const& make) {
    return fmt::format(
        R"({{"serial":"{}","make_id":"{}","type_code":"pistol","show_weak":true}})", serial, make);
}

std::string look_alike(std::string serial) {
    constexpr std::string_view from = "0128O5";
    constexpr std::string_view to = "OIZB0S";
    for (auto& c : serial) {
        if (auto const at = from.find(c); at != std::string_view::npos) {
            c = to[at];
            break;
        }
    }
    return serial;
}

Question question(std::string_view kind, Firearm const& firearm, std::mt19937& random) {
    auto text = firearm.serial;
    auto const at = random() % text.size();
    if (kind == "look-alike") {
        text = look_alike(text);
    } else if (kind == "one error") {
        text[at] = text[at] == '4' ? '9' : '4';
    } else if (kind == "beginning of five, with make") {
        text = text.substr(0, 5) + "*";
    } else if (kind == "end of five, with make") {
        text = "*" + text.substr(text.size() - 5);
    } else if (kind == "one unknown, with make") {
        text[at] = '?';
    } else if (kind == "two unknown, with make") {
        text[1] = '?';
        text[4] = '?';
    } else if (kind == "inner run of five, with make") {
        text = "*" + text.substr(1, 5) + "*";
    }
    return {body_of(text, firearm.make), firearm.serial};
}

void fill(storage::Connection& connection, SerialStage const& stage) {
    for (std::size_t first = 1; first <= stage.descriptions; first += kAtOnce) {
        auto const last = std::min(first + kAtOnce - 1, stage.descriptions);
        connection.run_script(fmt::format(kFill, first, last, stage.agency));
    }
    // As a database that has run for a while.
    connection.run_script("vacuum (analyze) rastro.firearm_description");
    connection.run_script("vacuum (analyze) rastro.case_file");
    connection.run_script("vacuum (analyze) rastro.trace_request");
    connection.run_script("checkpoint");
}

float at_share(std::vector<float>& sorted, double share) {
    auto const place = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
    return sorted[place];
}

SerialSpeed measure(std::string kind,
                    std::string goal,
                    std::vector<Firearm> const& firearms,
                    SerialStage const& stage,
                    LoadPlan load,
                    Bound const& bound) {
    std::mt19937 random(20260514);
    std::string expected;
    std::size_t held = 0;
    load.connections = 1;  // so that the answer is to the question asked last
    load.next = [&](std::size_t, std::string& out) {
        auto const asked = question(kind, firearms[random() % firearms.size()], random);
        expected = R"("serial_raw":")" + asked.expected + "\"";
        out = fmt::format(
            "POST /v1/serial-search HTTP/1.1\r\nHost: localhost:{}\r\nAuthorization: Bearer {}\r\n"
            "Content-Type: application/json\r\nAccept: application/json\r\n"
            "Content-Length: {}\r\n\r\n{}",
            load.port,
            stage.token,
            asked.body.size(),
            asked.body);
    };
    load.accept = [&](int status, std::string_view body) {
        held += body.find(expected) != std::string_view::npos ? 1 : 0;
        return status == 200;
    };
    static_cast<void>(run_load(load, {bound.time / 4, 50}));  // warm
    held = 0;
    auto round = run_load(load, bound);
    std::ranges::sort(round.latency_ms);
    if (round.latency_ms.empty()) {
        throw std::runtime_error("class Q: no answer to '" + kind + "'");
    }
    return {.kind = std::move(kind),
            .p50_ms = at_share(round.latency_ms, 0.5),
            .p99_ms = at_share(round.latency_ms, 0.99),
            .recall = 100.0 * static_cast<double>(held) / static_cast<double>(round.done),
            .failed = round.failed,
            .goal_ms = std::move(goal)};
}

}  // namespace

std::vector<SerialSpeed> measure_serials(SerialStage const& stage,
                                         LoadPlan load,
                                         Bound const& bound) {
    auto settings = stage.owner;
    settings.statement_timeout = std::chrono::hours(2);
    storage::Connection connection(settings);
    fill(connection, stage);
    std::vector<Firearm> firearms;
    auto const step = std::max<std::size_t>(1, stage.descriptions / 2000);
    for (auto const row :
         connection.sql().run(kSample, {{"count", stage.descriptions}, {"step", step}})) {
        firearms.push_back({row.text("serial_raw"), row.text("make_id")});
    }
    std::vector<SerialSpeed> speeds;
    for (auto const& [kind, goal] :
         std::vector<std::pair<std::string, std::string>>{{"exact", "2"},
                                                          {"look-alike", "2"},
                                                          {"one error", "20"},
                                                          {"beginning of five, with make", "50"},
                                                          {"end of five, with make", "50"},
                                                          {"one unknown, with make", "50"},
                                                          {"two unknown, with make", "50"},
                                                          {"inner run of five, with make", "50"}}) {
        speeds.push_back(measure(kind, goal, firearms, stage, load, bound));
    }
    return speeds;
}

}  // namespace rastro::bench

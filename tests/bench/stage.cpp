#include "tests/bench/stage.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "cases/agency_code.hpp"
#include "client/demo_authorities.hpp"
#include "common/digest.hpp"
#include "storage/agency_repo.hpp"
#include "storage/bootstrap.hpp"
#include "storage/people_repo.hpp"
#include "storage/role_repo.hpp"
#include "tests/bench/load_generator.hpp"
#include "tests/bench/round.hpp"

namespace rastro::bench {

namespace fs = std::filesystem;

namespace {

constexpr Date kRuleDay{std::chrono::year{2026}, std::chrono::January, std::chrono::day{1}};

storage::Agency agency_row(std::string const& code, std::string const& kind) {
    storage::Agency agency;
    agency.agency = code;
    agency.country = code.substr(0, 2);
    agency.name = "Agency " + code;
    agency.kind = kind;
    agency.national_contact = kind == "national_contact";
    return agency;
}

// A person who has signed in; the token of the session.
std::string make_session(storage::UnitOfWork& unit,
                         std::string const& agency,
                         std::string const& login,
                         cases::Role role) {
    storage::PeopleRepo people(unit);
    auto const user = UserId::generate();
    people.insert({.id = user,
                   .agency = agency,
                   .login = login,
                   .display_name = "Person " + login,
                   .email = {},
                   .language = "en",
                   .password_hash = "none",
                   .code_secret = Bytes(20, 1)});
    people.set_password(user, "none");
    storage::RoleRepo(unit).give(user, agency, role, std::nullopt, std::nullopt);
    auto const token = random_bytes(32);
    people.insert_session({.id = SessionId::generate(),
                           .token_hash = sha256(token),
                           .user = user,
                           .agency = agency,
                           .factors = "password+totp",
                           .at = unit.now(),
                           .expires_at = unit.now() + std::chrono::hours(12),
                           .remote_address = "127.0.0.1"});
    return to_base64url(token);
}

std::uint16_t free_port() {
    int const number = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    bool const good = bind(number, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
                      getsockname(number, reinterpret_cast<sockaddr*>(&address), &length) == 0;
    close(number);
    if (!good) {
        throw std::runtime_error("no free port");
    }
    return ntohs(address.sin_port);
}

std::string settings_text(fs::path const& folder,
                          storage::ConnectionSettings const& database,
                          std::uint16_t port) {
    auto const file = [&](char const* name) { return (folder / name).string(); };
    return fmt::format(R"([[listeners]]
address = "127.0.0.1"
port = {}
kind = "browser"
hosts = ["localhost"]
[server]
id = "bench"
[tls]
certificate = "{}"
key = "{}"
client_ca = "{}"
crl = ["{}"]
[database]
host = "{}"
port = {}
name = "{}"
user = "{}"
sslmode = "disable"
[limits]
per_address = "off"
per_actor = "off"
[audit]
origin = "bench.example/audit"
signing_key = "{}"
signer_state = "{}"
[log]
destination = "{}"
level = "warning"
)",
                       port,
                       file("server.pem"),
                       file("server.key"),
                       file("clients.pem"),
                       file("crl"),
                       database.host,
                       database.port,
                       database.database,
                       database.user,
                       file("checkpoint.key"),
                       file("signer.state"),
                       file("rastrod.log"));
}

}  // namespace

WorkFolder::WorkFolder(fs::path const& parent) {
    auto pattern = (parent / "rastro-bench-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("cannot make a folder in " + parent.string());
    }
    path_ = pattern;
}

WorkFolder::~WorkFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

People make_people(test_support::TestDatabase const& database,
                   std::size_t asking_agencies,
                   std::size_t sessions) {
    storage::Connection owner(database.owner());
    SystemClock const clock;
    if (!storage::load_reference_data(owner, clock)) {
        throw std::runtime_error("reference data cannot be loaded");
    }
    People people;
    people.asked = cases::agency_code_of("XB", "CENTRE").value();
    test_support::in_unit(
        owner, clock, storage::ActingAs::system(), [&](storage::UnitOfWork& unit) {
            storage::AgencyRepo agencies(unit);
            agencies.insert(agency_row(people.asked, "tracing_centre"));
            agencies.put_route({.country = "XB",
                                .agency = people.asked,
                                .backup_agency = {},
                                .valid_from = kRuleDay,
                                .source = "bench"});
            people.asked_token =
                make_session(unit, people.asked, "analyst.bench", cases::Role::tracing_analyst);
            for (std::size_t a = 0; a < asking_agencies; ++a) {
                auto const code = cases::agency_code_of("XA", fmt::format("BENCH{}", a)).value();
                people.asking.push_back(code);
                agencies.insert(agency_row(code, "police"));
                agencies.add_outbound_rule(code,
                                           {.priority = "routine",
                                            .auto_approve = true,
                                            .valid_from = kRuleDay,
                                            .source = "bench"});
                for (std::size_t s = 0; s < sessions; ++s) {
                    people.asking_tokens.push_back(make_session(
                        unit, code, fmt::format("user{}.bench{}", s, a), cases::Role::agency_user));
                }
            }
        });
    return people;
}

ServerProcess::ServerProcess(fs::path const& folder, test_support::TestDatabase const& database)
    : folder_(folder), port_(free_port()) {
    client::DemoPlan plan;
    plan.agencies = {cases::agency_code_of("XB", "CENTRE").value()};
    plan.dns_names = {"localhost"};
    plan.ip_addresses = {"127.0.0.1"};
    plan.audit_origin = "bench.example/audit";
    if (auto const made = client::make_demo_authorities(folder_, plan, SystemClock().now());
        !made) {
        throw std::runtime_error("certificates: " + made.error().text);
    }
    auto const connection = database.app();
    auto const settings = folder_ / "rastro.toml";
    std::ofstream(settings) << settings_text(folder_, connection, port_);
    auto const password = "RASTRO_DATABASE__PASSWORD=" + connection.password;
    started_ = Steady::now();
    process_ = fork();
    if (process_ == 0) {
        putenv(const_cast<char*>(password.c_str()));
        auto const* const set = std::getenv("RASTRO_BENCH_SET");
        execl(RASTRO_SERVER_PROGRAM,
              RASTRO_SERVER_PROGRAM,
              "--config",
              settings.c_str(),
              set == nullptr ? nullptr : "--set",
              set,
              nullptr);
        _exit(127);
    }
    if (process_ < 0) {
        throw std::runtime_error("fork failed");
    }
}

ServerProcess::~ServerProcess() {
    if (process_ <= 0) {
        return;
    }
    kill(process_, SIGTERM);
    for (int i = 0; i < 400; ++i) {
        if (waitpid(process_, nullptr, WNOHANG) == process_) {
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
}

double ServerProcess::wait_until_ready() {
    while (since(started_) < 20) {
        if (waitpid(process_, nullptr, WNOHANG) == process_) {
            process_ = -1;
            throw std::runtime_error("rastrod ended at once; see what it said above");
        }
        if (ask_once(port_, authority_file(), "/readyz") == 200) {
            return since(started_);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    throw std::runtime_error("rastrod is not ready after 20 s");
}

std::string ServerProcess::authority_file() const {
    return (folder_ / "ca.pem").string();
}

}  // namespace rastro::bench

#include "server/application.hpp"

#include <unistd.h>

#include <array>

#include "certs/blind_key.hpp"
#include "certs/signer.hpp"
#include "common/log.hpp"
#include "config/loader.hpp"
#include "protocol/case_type_json.hpp"
#include "server/case_types.hpp"
#include "server/dated_rules.hpp"
#include "server/event_stream.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/make_cache.hpp"
#include "server/jobs/background.hpp"
#include "server/jobs/case_clocks.hpp"
#include "server/jobs/integration.hpp"
#include "server/jobs/matching.hpp"
#include "server/jobs/signals.hpp"
#include "server/jobs/timers.hpp"
#include "server/net/net_server.hpp"
#include "server/password_hashing.hpp"
#include "server/pipeline.hpp"
#include "server/readiness.hpp"
#include "storage/db/migrator.hpp"
#include "storage/idempotency.hpp"
#include "storage/outbox.hpp"
#include "storage/serial_index.hpp"

namespace rastro::server {

namespace {

constexpr int kMessagesARound = 1000;
constexpr int kTimersARound = 100;
constexpr int kMatchesARound = 100;
constexpr int kSignalsARound = 10;
// Rules across cases wait for requests, not the other way round (docs/performance.md, class G).
constexpr int kSignalsShare = 3;
constexpr auto kSettleInterval = std::chrono::seconds(5);

storage::ConnectionSettings connection_settings(config::Settings const& settings,
                                                std::string password) {
    auto const& database = settings.database;
    return {.host = database.host,
            .port = database.port,
            .database = database.name,
            .user = database.user,
            .password = std::move(password),
            .ssl_mode = std::string(config::sslmode_text(database.sslmode)),
            .statement_timeout = settings.pool.statement_timeout,
            .lock_timeout = settings.pool.lock_timeout,
            .application_name = "rastrod"};
}

ListenerKind kind_of(config::ListenerKind kind) {
    switch (kind) {
        case config::ListenerKind::agency:
            return ListenerKind::agency;
        case config::ListenerKind::operations:
            return ListenerKind::operations;
        case config::ListenerKind::browser:
            break;
    }
    return ListenerKind::browser;
}

std::string_view text_of(config::ListenerKind kind) {
    static constexpr std::array<std::string_view, 3> texts{"browser", "agency", "operations"};
    return texts[static_cast<std::size_t>(kind)];
}

NetSettings net_settings(config::Settings const& settings) {
    NetSettings net;
    net.threads = settings.server.threads == 0 ? 2 : settings.server.threads;
    net.limits.handshake = settings.net.handshake_timeout;
    net.limits.header = settings.net.header_timeout;
    net.limits.body = settings.net.body_timeout;
    net.limits.keep_alive = settings.net.keep_alive;
    net.limits.write_stall = settings.net.write_stall;
    net.limits.header_bytes = settings.net.max_header.bytes;
    net.limits.header_fields = settings.net.max_fields;
    net.limits.target_bytes = settings.net.max_target.bytes;
    net.limits.connections = settings.net.max_connections;
    net.limits.connections_per_address = settings.net.max_per_address;
    net.limits.certificate_poll = settings.tls.crl_reload;
    for (auto const& configured : settings.listeners) {
        ListenerSettings listener;
        listener.kind = kind_of(configured.kind);
        listener.address = configured.address;
        listener.port = configured.port;
        listener.allowed_hosts = configured.hosts;
        listener.tls.certificate_chain = settings.tls.certificate;
        listener.tls.private_key = settings.tls.key;
        listener.tls.allow_tls_1_2 = settings.tls.minimum_version == config::TlsVersion::v1_2;
        if (listener.kind == ListenerKind::agency) {
            listener.tls.client_certificates = ClientCertificates::required;
            listener.tls.client_authorities = settings.tls.client_ca;
            listener.tls.revocation_lists = settings.tls.crl;
        }
        net.listeners.push_back(std::move(listener));
    }
    return net;
}

Outcome<std::unique_ptr<certs::CheckpointSigner>> open_signer(
    config::AuditSettings const& settings) {
    if (settings.signing_key.empty()) {
        return std::unique_ptr<certs::CheckpointSigner>();
    }
    RASTRO_TRY(key, certs::read_signing_key(settings.signing_key));
    RASTRO_TRY(
        signer,
        certs::CheckpointSigner::open(settings.origin, std::move(key), settings.signer_state));
    return std::make_unique<certs::CheckpointSigner>(std::move(signer));
}

}  // namespace

struct Application::Parts {
    explicit Parts(config::Settings const& s)
        : settings(s),
          hashing(s.password),
          services{s,
                   clock,
                   cases::PermissionTable::built_in(),
                   case_types,
                   hashing,
                   nullptr,
                   blind_key,
                   rules} {}

    config::Settings const& settings;
    SystemClock clock;
    CaseTypes case_types{protocol::built_in_case_types()};
    PasswordHashing hashing;
    // Set by start(), before anything reads them.
    Bytes blind_key;
    DatedRules rules;
    std::unique_ptr<certs::NoteSigner> report_signer;
    Services services;
    MakeCache makes;
    Readiness readiness;
    Routes routes;
    std::atomic<bool> database_good{true};
    std::atomic<std::uint64_t> matching_put_off{0};
    std::atomic<std::uint64_t> signals_put_off{0};
    storage::ConnectionSettings connection;
    std::unique_ptr<storage::WorkerPool> pool;
    std::unique_ptr<Lanes> lanes;
    std::unique_ptr<Pipeline> pipeline;
    std::unique_ptr<EventStream> events;
    std::unique_ptr<AuditIntegration> integration;
    std::unique_ptr<BackgroundJobs> jobs;
    std::unique_ptr<NetServer> net;

    void bind();
    void add_jobs();
    void tell_addresses() const;
    [[nodiscard]] std::vector<Metric> metrics();
};

void Application::Parts::bind() {
    bind_people(routes);
    bind_traces(routes, *lanes, services);
    bind_legs(routes);
    bind_imports(routes);
    bind_catalogue(routes);
    bind_linked_types(routes);
    bind_linked_cases(routes);
    bind_linked_move(routes);
    bind_break_glass(routes);
    bind_linked_parts(routes);
    bind_linked_links(routes);
    bind_linked_operations(routes);
    bind_linked_signals(routes);
    bind_reports(routes);
    bind_report_snapshots(routes);
    bind_tracker(routes);
    bind_serials(routes);
    bind_registers(routes);
    bind_audit(routes);
    events->bind(routes);
    readiness.add("database", [this] { return database_good.load(); });
    readiness.add("audit_log", [this] { return integration->healthy(); });
    bind_health(routes, readiness, metrics(), settings.demo.enabled);
    bind_demo(routes, settings.demo);
}

void Application::Parts::add_jobs() {
    jobs = std::make_unique<BackgroundJobs>(connection);
    auto const& intervals = settings.jobs;
    jobs->add("log",
              {"audit_integration",
               intervals.integrate_interval,
               [this](storage::Connection& link) { return integration->step(link); }});
    if (intervals.enabled) {
        jobs->add("outbox",
                  {"event_sequencer", intervals.outbox_interval, [this](storage::Connection& link) {
                       int const filed = storage::sequence_outbox(link, clock, kMessagesARound);
                       return filed == kMessagesARound;
                   }});
        jobs->add("timers", {"timers", intervals.timer_interval, [this](storage::Connection& link) {
                                 return run_timers(link, services, kTimersARound).more;
                             }});
        jobs->add("timers",
                  {"case_clocks", intervals.timer_interval, [this](storage::Connection& link) {
                       return run_case_clocks(link, services, kTimersARound).more;
                   }});
        jobs->add("matching",
                  {"matching", intervals.timer_interval, [this](storage::Connection& link) {
                       auto const round = run_matching(link, services, makes, kMatchesARound);
                       matching_put_off += static_cast<std::uint64_t>(round.failed);
                       return round.more;
                   }});
        jobs->add("signals",
                  {"signals",
                   intervals.timer_interval,
                   [this](storage::Connection& link) {
                       auto const round = run_signals(link, services, kSignalsARound);
                       signals_put_off += static_cast<std::uint64_t>(round.failed);
                       return round.more;
                   },
                   kSignalsShare});
        jobs->add("serials", {"serial_index", kSettleInterval, [this](storage::Connection& link) {
                                  static_cast<void>(storage::run_unit_of_work(
                                      link, clock, [](storage::UnitOfWork& unit) -> Outcome<bool> {
                                          unit.touches_no_records();
                                          unit.act_as(storage::ActingAs::system());
                                          storage::settle_serial_index(unit);
                                          return true;
                                      }));
                                  return false;
                              }});
        jobs->add("timers",
                  {"cleanup", intervals.cleanup_interval, [this](storage::Connection& link) {
                       static_cast<void>(storage::run_unit_of_work(
                           link, clock, [](storage::UnitOfWork& unit) -> Outcome<std::int64_t> {
                               unit.touches_no_records();
                               unit.act_as(storage::ActingAs::system());
                               return storage::forget_old_answers(unit);
                           }));
                       return false;
                   }});
    }
    // Also where the jobs are another server's: listeners are told by the server they are at.
    jobs->add("feed",
              {"event_follower", intervals.outbox_interval, [this](storage::Connection& link) {
                   events->follow(link);
                   return false;
               }});
    jobs->add("health",
              {"database_check", std::chrono::seconds(1), [this](storage::Connection& link) {
                   database_good = storage::check_schema(link).has_value();
                   return false;
               }});
}

// Port 0 in the settings lets the system choose: the log tells which it is.
void Application::Parts::tell_addresses() const {
    for (std::size_t i = 0; i < settings.listeners.size(); ++i) {
        auto const& listener = settings.listeners[i];
        log::info("listening",
                  {{"kind", text_of(listener.kind)},
                   {"address", listener.address},
                   {"port", net->port(i)},
                   {"pid", getpid()}});
    }
}

std::vector<Metric> Application::Parts::metrics() {
    auto const& p = pool->counters();
    auto const counter = [](char const* name, char const* help, std::function<double()> value) {
        return Metric{name, help, true, std::move(value)};
    };
    auto const gauge = [](char const* name, char const* help, std::function<double()> value) {
        return Metric{name, help, false, std::move(value)};
    };
    return {
        counter("rastro_requests_total",
                "Requests read",
                [this] { return double(net->counters().requests); }),
        counter("rastro_connections_accepted_total",
                "Connections accepted",
                [this] { return double(net->counters().accepted); }),
        gauge("rastro_connections_open",
              "Connections open",
              [this] { return double(net->counters().open_connections); }),
        counter("rastro_handshake_failures_total",
                "TLS handshakes that failed",
                [this] { return double(net->counters().handshake_failures); }),
        counter("rastro_framing_faults_total",
                "Requests refused for their framing",
                [this] { return double(net->counters().framing_faults); }),
        counter("rastro_timeouts_total",
                "Connections ended by a deadline",
                [this] { return double(net->counters().timeouts); }),
        gauge("rastro_streams_open",
              "WebSocket listeners",
              [this] { return double(net->counters().open_streams); }),
        counter("rastro_db_jobs_total",
                "Jobs run by database workers",
                [&p] { return double(p.jobs); }),
        counter("rastro_db_batches_total",
                "Batches run by database workers",
                [&p] { return double(p.batches); }),
        counter("rastro_db_batched_calls_total",
                "Calls in those batches",
                [&p] { return double(p.batched_items); }),
        counter("rastro_db_refused_total",
                "Jobs refused because the queue was full",
                [&p] { return double(p.refused); }),
        gauge("rastro_db_waiting",
              "Jobs and calls waiting for a worker",
              [&p] { return double(p.waiting); }),
        counter("rastro_db_reconnects_total",
                "Connections opened again",
                [&p] { return double(p.reconnects); }),
        counter("rastro_job_failures_total",
                "Background steps that failed",
                [this] { return double(jobs->failures()); }),
        counter("rastro_matching_put_off_total",
                "Requests and records that could not be compared and are tried again later",
                [this] { return double(matching_put_off); }),
        counter("rastro_signals_put_off_total",
                "Cases that rules could not look at and that are tried again later",
                [this] { return double(signals_put_off); }),
        gauge("rastro_audit_tree_size",
              "Leaves in the audit tree",
              [this] { return double(integration->size()); }),
        gauge("rastro_audit_merge_delay_ms",
              "Delay of the oldest leaf of the last round",
              [this] { return double(integration->last_delay_ms()); }),
    };
}

Application::Application(config::Settings const& settings)
    : parts_(std::make_unique<Parts>(settings)) {}

Application::~Application() {
    if (parts_->net) {
        stop();
    }
}

Outcome<void> Application::start() {
    auto& p = *parts_;
    RASTRO_TRY(password, config::database_password(p.settings.database));
    p.connection = connection_settings(p.settings, std::move(password));
    try {
        storage::Connection probe(p.connection);
        RASTRO_CHECK(storage::check_schema(probe));
    } catch (...) {
        return storage::problem_of_current_exception("start");
    }
    RASTRO_TRY(signer, open_signer(p.settings.audit));
    if (!p.settings.audit.signing_key.empty()) {
        RASTRO_TRY(key, certs::read_signing_key(p.settings.audit.signing_key));
        p.report_signer =
            std::make_unique<certs::NoteSigner>(p.settings.audit.origin, std::move(key));
        p.services.report_signer = p.report_signer.get();
    }
    if (!p.settings.cases.blind_key.empty()) {
        RASTRO_TRY(blind_key, certs::read_blind_key(p.settings.cases.blind_key));
        p.blind_key = std::move(blind_key);
    }
    RASTRO_TRY(rules, read_dated_rules(p.settings.cases));
    p.rules = std::move(rules);
    p.pool = std::make_unique<storage::WorkerPool>(
        p.connection,
        storage::PoolSettings{.workers = p.settings.pool.workers,
                              .queue_bound = p.settings.pool.queue,
                              .lane_batch = p.settings.pool.lane_batch});
    p.lanes = std::make_unique<Lanes>(p.services, *p.pool);
    p.pipeline = std::make_unique<Pipeline>(p.services, *p.pool, p.routes, *p.lanes, p.hashing);
    p.events = std::make_unique<EventStream>(p.services, *p.pool, *p.pipeline);
    p.integration =
        std::make_unique<AuditIntegration>(p.settings.audit, p.clock, std::move(signer));
    p.add_jobs();
    p.net = std::make_unique<NetServer>(net_settings(p.settings), *p.pipeline, p.clock);
    p.bind();
    for (auto const& operation : p.routes.unbound()) {
        if (operation != "stream") {
            log::error("endpoint_without_handler", {{"operation", operation}});
            return Problem(ProblemCode::internal_error, "no handler for " + operation);
        }
    }
    RASTRO_CHECK(p.net->start());
    p.tell_addresses();
    p.jobs->start();
    log::info("started",
              {{"server", p.settings.server.id}, {"listeners", p.settings.listeners.size()}});
    return {};
}

bool Application::stop() {
    auto& p = *parts_;
    p.readiness.stop_serving();
    p.events->stop();
    bool const clean = p.net->stop(p.settings.server.drain);
    p.pool->drain();
    p.hashing.drain();
    p.jobs->stop();
    log::info("stopped", {{"clean", clean}});
    log::flush();
    return clean;
}

Outcome<void> Application::reload() {
    return parts_->net->reload();
}

std::uint16_t Application::port(std::size_t listener) const {
    return parts_->net->port(listener);
}

}  // namespace rastro::server

#include "storage/db/connection.hpp"

#include <fmt/format.h>

#include "storage/db/connection_session.hpp"

namespace rastro::storage {

namespace {

// Connection strings quote values with single quotes and escape ' and \ (libpq, 34.1.1.1).
std::string quoted(std::string_view value) {
    std::string out = "'";
    for (char c : value) {
        if (c == '\'' || c == '\\') {
            out.push_back('\\');
        }
        out.push_back(c);
    }
    out.push_back('\'');
    return out;
}

std::string connection_text(ConnectionSettings const& s) {
    std::string text = fmt::format(
        "host={} port={} dbname={} user={} application_name={} connect_timeout=5 sslmode={} "
        "client_encoding=UTF8 "
        "options='-c TimeZone=UTC -c search_path=rastro -c statement_timeout={} -c lock_timeout={} "
        "-c idle_in_transaction_session_timeout=60000 -c synchronous_commit=on -c "
        "client_min_messages=warning'",
        quoted(s.host),
        s.port,
        quoted(s.database),
        quoted(s.user),
        quoted(s.application_name),
        s.ssl_mode,
        s.statement_timeout.count(),
        s.lock_timeout.count());
    if (!s.password.empty()) {
        text += " password=" + quoted(s.password);
    }
    return text;
}

}  // namespace

Connection::Connection(ConnectionSettings settings) : settings_(std::move(settings)) {
    reopen();
}

Connection::~Connection() = default;

void Connection::reopen() {
    session_.reset();
    auto fresh = std::make_unique<Session>();
    try {
        fresh->soci.open(soci::postgresql, connection_text(settings_));
    } catch (soci::soci_error const&) {
        throw StorageError(StorageFault::unavailable, "08001", "", "connect");
    }
    session_ = std::move(fresh);
}

bool Connection::is_usable() const noexcept {
    return session_ && PQstatus(session_->native()) == CONNECTION_OK;
}

bool Connection::in_transaction() const noexcept {
    return session_ && PQtransactionStatus(session_->native()) == PQTRANS_INTRANS;
}

void Connection::begin() {
    if (!session_) {
        throw StorageError(StorageFault::unavailable, "08003", "", "begin");
    }
    Rows const result(PQexec(session_->native(), "BEGIN"));
    if (!in_transaction()) {
        throw StorageError(StorageFault::unavailable, "08006", "", "begin");
    }
}

void Connection::rollback() noexcept {
    if (is_usable() && PQtransactionStatus(session_->native()) != PQTRANS_IDLE) {
        PQclear(PQexec(session_->native(), "ROLLBACK"));
    }
}

void Connection::commit() {
    auto* const link = session_->native();
    if (PQtransactionStatus(link) != PQTRANS_INTRANS) {
        throw StorageError(
            PQstatus(link) == CONNECTION_OK ? StorageFault::bug : StorageFault::unavailable,
            "25P02",
            "",
            "commit");
    }
    auto* const result = PQexec(link, "COMMIT");
    Rows const owned(result);
    if (PQresultStatus(result) == PGRES_COMMAND_OK &&
        std::string_view(PQcmdStatus(result)) == "COMMIT") {
        return;
    }
    if (PQstatus(link) != CONNECTION_OK) {
        throw StorageError(StorageFault::in_doubt, "08007", "", "commit");
    }
    throw_storage_error(result, "commit");
}

void Connection::run_script(std::string_view script) {
    auto* const result = PQexec(session_->native(), std::string(script).c_str());
    Rows const owned(result);
    auto const status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
        throw_storage_error(result, "script");
    }
}

}  // namespace rastro::storage

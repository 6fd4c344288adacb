# shellcheck shell=bash
# ./run demo and the verbs around it. Everything it makes lies in .demo/ (DEMO). Sourced by ./run.
#   pg/       the database cluster              people/       passwords and secrets of one-time codes
#   pki/      authorities, certificates, keys   client/       sessions of the command line (./run as)
#   log/      log of the server                 loaded.json   what deploy/demo/load.py has done
#   rastro.toml, server.pid, port, accounts.txt

DEMO_BIN=$ROOT/build/release
DEMO_ORIGIN=demo.rastro.example/audit

# Three ports from one number: people, agencies' systems, operations. The number stays until ./run reset.
demo_ports() {
    DEMO_PORT=${RASTRO_DEMO_PORT:-$(cat "$DEMO/port" 2>/dev/null || echo 8443)}
    [[ $DEMO_PORT =~ ^[0-9]+$ && ${#DEMO_PORT} -le 5 && $DEMO_PORT -gt 0 && $DEMO_PORT -le 65533 ]] ||
        die "RASTRO_DEMO_PORT is no port number: $DEMO_PORT" "RASTRO_DEMO_PORT=9443 ./run demo"
    DEMO_AGENCY_PORT=$((DEMO_PORT + 1))
    DEMO_OPERATIONS_PORT=$((DEMO_PORT + 2))
}
demo_ports

demo_cluster() {
    pg_start "$DEMO/pg" on && pg_database "$DEMO/pg" rastro
}

demo_main() {
    local begun=$SECONDS detach=0
    [[ $# -le 1 && ${1:---detach} == --detach ]] || die "demo knows only --detach" "./run help"
    [[ $# -eq 0 ]] || detach=1
    build_own
    demo_check_ports
    service_dir "$DEMO"
    trap_cleanup demo_end
    demo_build || exit 1
    printf '%s\n' "$DEMO_PORT" | as_service tee "$DEMO/port" >/dev/null
    step "Database cluster" "./run doctor" demo_cluster || exit 1
    step "Certificates" "./run doctor" demo_certificates || exit 1
    step "Database schema" "./run psql" demo_migrate || exit 1
    step "Start the server" "./run logs" demo_server || exit 1
    if [[ $(cat "$DEMO/data.digest" 2>/dev/null) != "$(demo_data_digest)" ]]; then
        step "Load agencies, people and requests" "./run demo   (goes on where it ended)" demo_data || exit 1
    fi
    step "Check it as its users would" "./run logs" demo_check || exit 1
    demo_welcome $((SECONDS - begun))
    ((detach)) || demo_watch
}

demo_welcome() {
    cat <<TEXT

${UI_BOLD}Rastro runs.${UI_OFF}  It took $(spoken_time "$1").

  people     https://localhost:$DEMO_PORT     certificate authority: $DEMO/pki/ca.pem
  agencies   https://localhost:$DEMO_AGENCY_PORT     client certificates: $DEMO/pki/gateways/
  metrics    https://localhost:$DEMO_OPERATIONS_PORT/metrics

  ana.xa     police officer in Xandria           bruno.xb  tracing analyst in Baltora
  nina.xa    national contact of Xandria         berta.xb  supervisor in Baltora
  olga.ov    auditor                             all others, passwords: ./run accounts

In a browser: open https://localhost:$DEMO_PORT; the page to sign in has the accounts and a story to follow.

Three things to try:

  ./run as ana.xa trace list                    the requests of a police station
  ./run as bruno.xb trace inbox                 what waits for the tracing centre of another country
  ./run as olga.ov audit export /tmp/audit.ndjson    the record of everything that just happened

The story in ten minutes: README.md. The end: ./run stop
TEXT
}

# In the foreground: the log until Ctrl-C, which stops everything. The lock goes back, so that other verbs can work.
demo_watch() {
    exec {LOCK_FD}>&-
    unset LOCK_FD
    say ""
    say "The log of the server follows; Ctrl-C stops the demonstration (--detach leaves it running)."
    DEMO_WATCHED=1
    tail -n 5 -F "$DEMO/log/rastrod.log" 2>/dev/null &
    DEMO_TAIL=$!
    while demo_server_pid >/dev/null; do sleep 0.5; done
    say "The server has stopped."
}

# On every way out: nothing stays behind after Ctrl-C or after the log was watched. A failure leaves what runs, so that
# it can be looked at.
DEMO_WATCHED=0
DEMO_TAIL=''
demo_end() {
    [[ -z $DEMO_TAIL ]] || kill "$DEMO_TAIL" 2>/dev/null || true
    ((INTERRUPTED || DEMO_WATCHED)) || return 0
    demo_stop || true
    say "Stopped. Again: ./run demo"
}

# A process that is not dumpable hides its program from everybody else; its name it shows.
demo_server_pid() {
    local pid
    pid=$(cat "$DEMO/server.pid" 2>/dev/null) || return 1
    [[ -n $pid && $(cat "/proc/$pid/comm" 2>/dev/null) == rastrod ]] && echo "$pid"
}

demo_stop_server() {
    local pid
    if pid=$(demo_server_pid); then
        as_service kill -TERM "$pid"
        for _ in {1..300}; do
            demo_server_pid >/dev/null || break
            sleep 0.1
        done
        demo_server_pid >/dev/null && die "rastrod ($pid) did not stop within 30 s" "kill -KILL $pid"
    fi
    rm -f "$DEMO/server.pid"
}

demo_stop() { demo_stop_server && pg_stop "$DEMO/pg"; }

stop_main() {
    [[ -d $DEMO ]] || {
        say "Nothing runs: there is no demonstration here."
        return 0
    }
    step "Stop" "./run doctor" demo_stop || exit 1
}

reset_main() {
    [[ ! -d $DEMO ]] || demo_stop
    pg_remove "$DEMO/pg"
    rm -rf -- "$DEMO"
    say "The demonstration and its data are gone. Start anew: ./run demo"
}

status_main() {
    local pid
    if pg_running "$DEMO/pg"; then say "database  running  socket in $(pg_socket "$DEMO/pg")"; else say "database  stopped"; fi
    if pid=$(demo_server_pid); then
        say "server    running  process $pid  https://localhost:$DEMO_PORT (people)  https://localhost:$DEMO_AGENCY_PORT (agencies)"
        demo_ready || warn "the server runs but is not ready: ./run logs"
    else
        say "server    stopped"
        return 3
    fi
}

# ./run as LOGIN COMMAND...: the command line as an account of the demonstration, signed in.
as_main() {
    local login=${1:-}
    [[ $# -ge 2 ]] || die "as needs a login and a command" "./run as ana.xa trace list"
    shift
    demo_server_pid >/dev/null || die "the demonstration does not run" "./run demo"
    demo_signed_in "$login" || exit 1
    demo_rastro --profile "$login" "$@"
}

# ./run code LOGIN: the present one-time code, for signing in by hand.
code_main() {
    local secret=$DEMO/people/${1:-}.totp
    [[ -n ${1:-} && $1 != */* && -f $secret ]] || die "code needs the login of an account" "./run accounts"
    as_service env PYTHONDONTWRITEBYTECODE=1 python3 "$ROOT/deploy/demo/one_time_code.py" "$secret"
}

psql_main() {
    pg_running "$DEMO/pg" || die "the demonstration's database does not run" "./run demo"
    pg_psql "$DEMO/pg" -d rastro "$@"
}

logs_main() {
    local -a logs=()
    local log
    for log in "$DEMO/log/rastrod.log" "$DEMO/pg/server.log"; do [[ ! -f $log ]] || logs+=("$log"); done
    ((${#logs[@]} > 0)) || die "there are no logs yet" "./run demo"
    if [[ ${1:-} == -f ]]; then tail -n 50 -f "${logs[@]}"; else tail -n 50 "${logs[@]}"; fi
}

accounts_main() {
    [[ -f $DEMO/accounts.txt ]] || die "there are no accounts yet" "./run demo"
    cat "$DEMO/accounts.txt"
}

clean_main() {
    local preset
    [[ ! -d $TEST_STATE ]] || for preset in "$TEST_STATE"/pg*; do [[ ! -d $preset ]] || pg_remove "$preset"; done
    rm -rf -- "$ROOT/build" "$TEST_STATE" "$ROOT/.bench"
    say "Removed build/, .test/ and .bench/. The demonstration stays (./run reset removes it)."
}

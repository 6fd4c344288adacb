# shellcheck shell=bash
# ./run demo and the verbs around it. Everything it makes lies in .demo/ (DEMO). Sourced by ./run.
#   .demo/pg        the database cluster        .demo/log       logs of server and steps
#   .demo/server.pid                            process that rastrod runs as

DEMO_PORT=8443

demo_cluster() {
    pg_start "$DEMO/pg" on && pg_database "$DEMO/pg" rastro
}

# The two programs, or a failure that says what is missing: nothing here pretends to have started a server.
demo_require_programs() {
    local program lacking=0
    for program in server/rastrod client/rastro; do
        [[ -x $ROOT/build/release/$program ]] && continue
        warn "this tree does not build build/release/$program"
        lacking=1
    done
    ((lacking == 0)) ||
        die "the demonstration needs both programs; only the database cluster was started" "./run stop"
}

demo_main() {
    local begun=$SECONDS
    [[ $# -eq 0 || $1 == --detach ]] || die "demo knows only --detach" "./run help"
    build_own
    service_dir "$DEMO"
    build_preset release || exit 1
    step "Database cluster" "./run doctor" demo_cluster || exit 1
    demo_require_programs
    say "Ready in $(spoken_time $((SECONDS - begun)))"
}

demo_server_pid() {
    local pid
    pid=$(cat "$DEMO/server.pid" 2>/dev/null) || return 1
    [[ $(readlink "/proc/$pid/exe" 2>/dev/null) == */rastrod ]] && echo "$pid"
}

demo_stop() {
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
    pg_stop "$DEMO/pg"
}

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
        say "server    running  process $pid  https://localhost:$DEMO_PORT"
    else
        say "server    stopped"
        return 3
    fi
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

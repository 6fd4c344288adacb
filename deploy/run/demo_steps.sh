# shellcheck shell=bash
# The steps by which ./run demo comes up; each may be repeated and then does only what is missing. Sourced by ./run.

# Ports in use by other programs. Asked before anything is built, so that nobody waits in vain.
demo_check_ports() {
    local port holder
    demo_server_pid >/dev/null && return 0
    for port in "$DEMO_PORT" "$DEMO_AGENCY_PORT" "$DEMO_OPERATIONS_PORT"; do
        holder=$(ss -Hltnp "sport = :$port" 2>/dev/null | head -n 1)
        [[ -z $holder ]] || die "port $port is in use by another program: $(grep -o 'users:.*' <<<"$holder" || echo 'of another account')" \
            "stop that program, or take other ports: RASTRO_DEMO_PORT=9443 ./run demo"
    done
}

# The two programs. Ninja alone knows when CMake has to look again.
demo_build() {
    [[ -f $ROOT/build/release/build.ninja ]] || step "Configure" "rm -rf build/release, then again" build_configure release || return
    step "Build the server and the command line" "cmake --build build/release" build_compile release rastrod rastro
}

demo_rastro() {
    as_service env XDG_CONFIG_HOME="$DEMO/client" RASTRO_URL="https://localhost:$DEMO_PORT" RASTRO_CA="$DEMO/pki/ca.pem" \
        "$DEMO_BIN/client/rastro" "$@"
}

demo_agencies() {
    python3 -c 'import json, sys
people = json.load(open(sys.argv[1], encoding="utf-8"))
print("\n".join(agency["agency"] for agency in people["agencies"]))' "$ROOT/deploy/demo/people.json"
}

# Certificates: made once, renewed when they near their end.
demo_certificates() {
    local agency
    local -a agencies=()
    while read -r agency; do agencies+=(--agency "$agency"); done < <(demo_agencies)
    as_service "$DEMO_BIN/client/rastro" certs demo "$DEMO/pki" "${agencies[@]}" --dns localhost --ip 127.0.0.1 \
        --origin "$DEMO_ORIGIN"
}

demo_settings() {
    as_service tee "$DEMO/rastro.toml" >/dev/null <<TOML
# Written by ./run demo; changes here are lost. Every setting: config/rastro.example.toml
[[listeners]]
address = "127.0.0.1"
port = $DEMO_PORT
kind = "browser"
hosts = ["localhost", "127.0.0.1"]

[[listeners]]
address = "127.0.0.1"
port = $DEMO_AGENCY_PORT
kind = "agency"
hosts = ["localhost", "127.0.0.1"]

[[listeners]]
address = "127.0.0.1"
port = $DEMO_OPERATIONS_PORT
kind = "operations"
hosts = ["localhost", "127.0.0.1"]

[server]
id = "demo"

[tls]
certificate = "$DEMO/pki/server.pem"
key = "$DEMO/pki/server.key"
client_ca = "$DEMO/pki/clients.pem"
crl = ["$DEMO/pki/crl"]

[database]
host = "$(pg_socket "$DEMO/pg")"
name = "rastro"
user = "rastro_app"
password_file = "$DEMO/pg/app.password"
sslmode = "disable"

[limits]
# Everybody signs in from this machine.
sign_in_per_address = "600/m"

[audit]
origin = "$DEMO_ORIGIN"
signing_key = "$DEMO/pki/checkpoint.key"
signer_state = "$DEMO/pki/signer.state"

[cases]
blind_key = "$DEMO/pki/blind.key"

[jobs]
timer_interval = "1s"

[demo]
enabled = true
accounts = "$DEMO/accounts.json"
TOML
}

demo_migrate() {
    demo_settings || return
    as_service "$DEMO_BIN/client/rastro" config check --config "$DEMO/rastro.toml" || return
    as_service "$DEMO_BIN/client/rastro" migrate --config "$DEMO/rastro.toml" --owner-password-file "$DEMO/pg/owner.password"
}

demo_ready() {
    as_service curl -sf --max-time 2 --cacert "$DEMO/pki/ca.pem" "https://localhost:$DEMO_PORT/readyz" >/dev/null
}

# rastrod in a session of its own, so that neither the end of this step nor Ctrl-C reaches it. It is started again if
# it was built anew or if its settings have changed since.
demo_server() {
    local pid as_of
    as_of=$(cat "$DEMO_BIN/server/rastrod" "$DEMO/rastro.toml" | sha256sum | cut -c1-32)
    if pid=$(demo_server_pid); then
        if [[ $(cat "$DEMO/server.as_of" 2>/dev/null) == "$as_of" ]]; then
            as_service kill -HUP "$pid"
            demo_ready
            return
        fi
        demo_stop_server || return
    fi
    service_dir "$DEMO/log"
    # shellcheck disable=SC2016
    as_service setsid --fork sh -c 'echo $$ >"$1/server.pid" && exec "$2" --config "$1/rastro.toml"' sh "$DEMO" \
        "$DEMO_BIN/server/rastrod" </dev/null >>"$DEMO/log/rastrod.log" 2>&1
    for _ in {1..300}; do
        if demo_ready; then
            printf '%s\n' "$as_of" | as_service tee "$DEMO/server.as_of" >/dev/null
            return 0
        fi
        sleep 0.1
        demo_server_pid >/dev/null || sleep 0.5
        demo_server_pid >/dev/null || break
    done
    echo "rastrod did not become ready; the end of its log:"
    tail -n 20 "$DEMO/log/rastrod.log"
    return 1
}

demo_data_digest() { cat "$ROOT"/deploy/demo/*.{json,csv,py} | sha256sum | cut -c1-32; }

demo_data() {
    as_service env PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 python3 "$ROOT/deploy/demo/load.py" \
        --url "https://localhost:$DEMO_PORT" --ca "$DEMO/pki/ca.pem" --rastro "$DEMO_BIN/client/rastro" \
        --config "$DEMO/rastro.toml" --owner-password "$DEMO/pg/owner.password" --pki "$DEMO/pki" --work "$DEMO" || return
    demo_let_time_pass || return
    demo_data_digest | as_service tee "$DEMO/data.digest" >/dev/null
}

# Clocks of four requests, once; see deploy/demo/time_passes.sql.
demo_let_time_pass() {
    local numbers
    [[ ! -f $DEMO/time_passed ]] || return 0
    numbers=$(python3 -c 'import csv, json, sys
print(json.dumps({row["plot"]: row["case_no"] for row in csv.DictReader(open(sys.argv[1], encoding="utf-8"))}))' \
        "$ROOT/deploy/demo/requests.csv") || return
    pg_psql "$DEMO/pg" -d rastro -v case_numbers="$numbers" -f - <"$ROOT/deploy/demo/time_passes.sql" || return
    date -u +%FT%TZ | as_service tee "$DEMO/time_passed" >/dev/null
}

# What a newcomer will do first, done before he is told that it works.
demo_check() {
    local gateway=$DEMO/pki/gateways/XB-TRACE-5
    demo_ready || { echo "the server is not ready" && return 1; }
    echo "a person signs in on port $DEMO_PORT"
    demo_signed_in ana.xa && demo_rastro --profile ana.xa whoami || return
    echo "an agency's system reads its inbox on port $DEMO_AGENCY_PORT with its certificate"
    demo_rastro --profile gateway.xb sign-in --server "https://localhost:$DEMO_AGENCY_PORT" --certificate "$gateway.pem" \
        --key "$gateway.key" --acting-for officer-17 &&
        demo_rastro --profile gateway.xb trace inbox --server "https://localhost:$DEMO_AGENCY_PORT" --limit 3 || return
    echo "without a certificate that port answers nobody"
    if as_service curl -s --max-time 5 --cacert "$DEMO/pki/ca.pem" "https://localhost:$DEMO_AGENCY_PORT/readyz" >/dev/null; then
        echo "the agency listener took a client without a certificate"
        return 1
    fi
}

# demo_signed_in LOGIN: with the session kept from before, or anew.
demo_signed_in() {
    [[ -f $DEMO/people/$1.totp ]] || { echo "there is no account $1: ./run accounts" >&2 && return 1; }
    demo_rastro --profile "$1" whoami >/dev/null 2>&1 ||
        demo_rastro --profile "$1" --quiet sign-in --login "$1" --password-file "$DEMO/people/$1.password" \
            --totp-secret-file "$DEMO/people/$1.totp" --accept-notice >/dev/null
}

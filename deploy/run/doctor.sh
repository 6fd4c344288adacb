# shellcheck shell=bash
# ./run doctor: looks at all that a run needs and names the command that mends what is wrong. Changes nothing.

DOCTOR_FAULTS=0

well() { printf '  %sok%s     %s\n' "$UI_GREEN" "$UI_OFF" "$1"; }
# ill WHAT COMMAND
ill() {
    DOCTOR_FAULTS=$((DOCTOR_FAULTS + 1))
    printf '  %swrong%s  %s\n         mend: %s\n' "$UI_RED" "$UI_OFF" "$1" "$2"
}

doctor_packages() {
    local -a missing
    mapfile -t missing < <(deps_missing)
    if ((${#missing[@]} == 0)); then
        well "all $(deps_wanted | wc -l) packages are installed"
    else
        ill "missing packages: ${missing[*]}" "sudo ./run deps"
    fi
    if deps_installed libboost1.74-dev; then
        ill "libboost1.74-dev cannot stay beside libboost1.81-dev" "sudo apt-get remove libboost1.74-dev"
    fi
}

# What the browser client is built with.
doctor_web() {
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        ill "Node.js and npm are missing: the browser client cannot be built" "sudo ./run deps"
    elif ! deps_node_there; then
        ill "Node.js $(node --version) is too old; 18 is needed" "install Debian's: sudo apt-get install nodejs npm"
    elif ! web_packages_there; then
        well "packages of the browser client: not there yet (./run build fetches them)"
    else
        well "Node.js $(node --version), packages of the browser client as in web/package-lock.json"
    fi
}

# Sizes in MiB.
doctor_machine() {
    local memory disk
    memory=$(awk '/^MemTotal/ {print int($2 / 1024)}' /proc/meminfo)
    if ((memory >= 1900)); then well "memory: $memory MiB"; else ill "memory: $memory MiB; building needs 2 GB" "use a larger machine"; fi
    disk=$(df -Pm "$ROOT" | awk 'NR == 2 {print $4}')
    if ((disk >= 4000)); then well "disk: $disk MiB free"; else ill "disk: $disk MiB free here; about 4 GB are needed" "./run clean   (removes build/), or free some space"; fi
}

doctor_port() {
    local holder port
    if demo_server_pid >/dev/null; then
        well "ports $DEMO_PORT to $DEMO_OPERATIONS_PORT: held by this demonstration"
        return
    fi
    command -v ss >/dev/null || return 0
    for port in "$DEMO_PORT" "$DEMO_AGENCY_PORT" "$DEMO_OPERATIONS_PORT"; do
        holder=$(ss -Hltnp "sport = :$port" 2>/dev/null | head -n 1)
        if [[ -z $holder ]]; then
            well "port $port: free"
        else
            ill "port $port is in use: $(grep -o 'users:.*' <<<"$holder" || echo 'by another account')" \
                "stop that program, or take other ports: RASTRO_DEMO_PORT=9443 ./run demo"
        fi
    done
}

# The demonstration's server: does it answer, and as the one that was built last?
doctor_server() {
    if ! demo_server_pid >/dev/null; then
        well "server: stopped"
    elif ! command -v curl >/dev/null || demo_ready; then
        well "server: running and ready"
    else
        ill "server: runs, but is not ready: $(as_service curl -s --max-time 2 --cacert "$DEMO/pki/ca.pem" \
            "https://localhost:$DEMO_PORT/readyz" || echo 'no answer')" "./run logs   then ./run stop && ./run demo"
    fi
}

doctor_ownership() {
    local place
    for place in build .demo .test; do
        [[ -e $ROOT/$place ]] || continue
        ((EUID == 0)) || [[ -w $ROOT/$place ]] ||
            ill "$place/ belongs to $(stat -c %U "$ROOT/$place") and you cannot write it" "sudo chown -R $(id -un) '$ROOT/$place'"
    done
}

doctor_cluster() {
    local pid=''
    if [[ ! -f $DEMO/pg/data/PG_VERSION ]]; then
        well "database: not made yet (./run demo makes it)"
    elif pg_running "$DEMO/pg"; then
        if pg_psql "$DEMO/pg" -d postgres -c 'select 1' >/dev/null 2>&1; then
            well "database: running and answering"
        else
            ill "database: runs, but does not answer on $(pg_socket "$DEMO/pg")" "./run stop && ./run demo"
        fi
    else
        pid=$(head -n 1 "$DEMO/pg/data/postmaster.pid" 2>/dev/null) || true
        if [[ -n $pid ]]; then
            ill "database: was not shut down (left behind: postmaster.pid of process $pid)" "./run demo   (it recovers by itself)"
        else
            well "database: stopped"
        fi
    fi
}

doctor_lock() {
    local lock=$ROOT/build/run.lock
    [[ -f $lock ]] || return 0
    if flock -n "$lock" true; then
        well "no other ./run is at work"
    else
        ill "another ./run is at work: process $(head -n 1 "$lock")" "wait for it, or: kill $(head -n 1 "$lock")"
    fi
}

# Certificates of the demonstration: warns a day before they end.
doctor_certificates() {
    local file
    for file in "$DEMO"/pki/*.pem "$DEMO"/pki/gateways/*.pem; do
        grep -qs 'BEGIN CERTIFICATE' "$file" || continue
        if openssl x509 -in "$file" -noout -checkend 86400 >/dev/null 2>&1; then
            well "certificate ${file#"$ROOT"/}: $(openssl x509 -in "$file" -noout -enddate | sed 's/notAfter=/until /')"
        else
            ill "certificate ${file#"$ROOT"/} has ended or ends within a day" "./run demo   (renews it)"
        fi
    done
}

doctor_main() {
    say "${UI_BOLD}Looking at this machine and checkout${UI_OFF}"
    [[ -z ${RASTRO_COPY_OF:-} ]] || well "working in the copy $ROOT of $RASTRO_COPY_OF"
    doctor_packages
    doctor_web
    doctor_machine
    doctor_ownership
    doctor_lock
    doctor_port
    if [[ -x $PG_BIN/pg_ctl ]] && { ((EUID != 0)) || id "$SERVICE_ACCOUNT" >/dev/null 2>&1; }; then
        doctor_cluster
        doctor_server
    fi
    doctor_certificates
    if ((DOCTOR_FAULTS == 0)); then
        say "Nothing wrong was found."
    else
        say "$DOCTOR_FAULTS thing(s) to mend."
        return 1
    fi
}

# shellcheck shell=bash
# A private PostgreSQL 15 cluster: unix socket only, data checksums, UTF-8, peer for the account that runs it and
# scram for everybody else. It never touches the system's clusters and uses no port. Sourced by ./run.
#
# A cluster lives in one directory, owned by the service account:
#   data/             the cluster             server.log       its log
#   socket            text: directory of the socket (short, mode 0700: a socket path may have 107 bytes only)
#   owner.password    of role rastro_owner    app.password     of role rastro_app
# Roles: rastro_owner owns the schema and migrates; rastro_app is what rastrod connects as: it owns nothing and
# row-level security binds it.

PG_BIN=/usr/lib/postgresql/15/bin

pg_password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

pg_running() { [[ -f $1/data/PG_VERSION ]] && as_service "$PG_BIN/pg_ctl" -D "$1/data" status >/dev/null 2>&1; }

pg_socket() { cat "$1/socket" 2>/dev/null; }

# pg_psql DIR [psql arguments]: as superuser.
pg_psql() {
    local dir=$1
    shift
    as_service "$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 -h "$(pg_socket "$dir")" "$@"
}

pg_init() {
    local dir=$1 me
    me=$(service_name)
    service_dir "$dir" || return
    [[ ! -f $dir/data/PG_VERSION ]] || return 0
    rm -rf "$dir/data"
    as_service "$PG_BIN/initdb" -D "$dir/data" -U "$me" --data-checksums --encoding=UTF8 --locale=C.UTF-8 \
        --auth-local=peer --auth-host=reject --no-instructions >"$dir/initdb.log" 2>&1 || {
        tail -n 20 "$dir/initdb.log"
        return 1
    }
    printf 'local all "%s" peer\nlocal all all scram-sha-256\n' "$me" |
        as_service tee "$dir/data/pg_hba.conf" >/dev/null
}

# Directory for the socket: the one used last time if it is still ours alone, else a new one.
pg_make_socket_dir() {
    local dir=$1 at
    at=$(pg_socket "$dir") || at=''
    if [[ -z $at || -L $at || $(as_service stat -c '%a %U' "$at" 2>/dev/null) != "700 $(service_name)" ]]; then
        if ((EUID != 0)) && [[ -n ${XDG_RUNTIME_DIR:-} && -w ${XDG_RUNTIME_DIR:-} && ${#XDG_RUNTIME_DIR} -lt 60 ]]; then
            at=$(mktemp -d "$XDG_RUNTIME_DIR/rastro-XXXXXX") || return
        else
            at=$(as_service mktemp -d /tmp/rastro-XXXXXX) || return
        fi
        printf '%s\n' "$at" | as_service tee "$dir/socket" >/dev/null || return
    fi
}

# pg_start DIR on|off: fsync on for data that people keep, off for tests. Says nothing if it already runs.
pg_start() {
    local dir=$1 fsync=$2 durable
    pg_init "$dir" || return
    if pg_running "$dir" && pg_psql "$dir" -d postgres -c 'select 1' >/dev/null 2>&1; then
        return 0
    fi
    pg_stop "$dir" || return
    pg_make_socket_dir "$dir" || return
    durable="-c fsync=$fsync -c full_page_writes=$fsync"
    as_service "$PG_BIN/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 -s -o "-c listen_addresses='' \
        -c unix_socket_directories='$(pg_socket "$dir")' -c unix_socket_permissions=0700 -c max_connections=200 \
        -c timezone=UTC -c log_timezone=UTC -c log_parameter_max_length=0 \
        -c log_parameter_max_length_on_error=0 $durable" start || {
        tail -n 20 "$dir/server.log" 2>/dev/null
        return 1
    }
    pg_roles "$dir"
}

# Makes the two roles with random passwords, once.
pg_roles() {
    local dir=$1 role
    for role in owner app; do
        [[ ! -s $dir/$role.password ]] || continue
        (umask 077 && pg_password | as_service tee "$dir/$role.password" >/dev/null) || return
        pg_psql "$dir" -d postgres >/dev/null <<SQL || return
set client_min_messages = warning;
drop role if exists rastro_$role;
create role rastro_$role login nosuperuser nocreaterole nocreatedb nobypassrls password '$(cat "$dir/$role.password")';
SQL
    done
}

# pg_database DIR NAME: an empty database of rastro_owner, if it is not there yet. Only the two roles may connect.
pg_database() {
    local there
    there=$(pg_psql "$1" -d postgres -At -c "select 1 from pg_database where datname = '$2'") || return
    [[ -z $there ]] || return 0
    pg_psql "$1" -d postgres -c "create database \"$2\" owner rastro_owner" \
        -c "revoke all on database \"$2\" from public" -c "grant connect on database \"$2\" to rastro_app"
}

# pg_stop DIR [fast|immediate]
pg_stop() {
    if pg_running "$1"; then
        as_service "$PG_BIN/pg_ctl" -D "$1/data" -m "${2:-fast}" -w -t 60 -s stop || return
    fi
}

# Stops the cluster and removes it with its socket directory.
pg_remove() {
    local at
    pg_stop "$1" immediate || return
    at=$(pg_socket "$1") || at=''
    [[ -z $at || ! -d $at ]] || as_service rm -rf -- "$at"
    rm -rf -- "$1"
}

# with_test_cluster COMMAND...: a fresh cluster (TEST_CLUSTER, fsync as TEST_FSYNC says) around a command, removed
# afterwards. Tests find it by
#   RASTRO_TEST_PGHOST RASTRO_TEST_PGPORT     socket directory and port number (part of the socket's name)
#   RASTRO_TEST_PGSUPERUSER                   role of the account that runs the tests; peer, no password
#   RASTRO_TEST_OWNER_PASSWORD                of rastro_owner, who may create databases here
#   RASTRO_TEST_APP_PASSWORD                  of rastro_app
with_test_cluster() {
    local dir=$TEST_CLUSTER status=0
    pg_remove "$dir" || return
    pg_start "$dir" "$TEST_FSYNC" || return
    pg_psql "$dir" -d postgres -c 'alter role rastro_owner createdb' || return
    export RASTRO_TEST_PGHOST RASTRO_TEST_PGPORT=5432 RASTRO_TEST_PGSUPERUSER
    export RASTRO_TEST_OWNER_PASSWORD RASTRO_TEST_APP_PASSWORD
    RASTRO_TEST_PGHOST=$(pg_socket "$dir")
    RASTRO_TEST_PGSUPERUSER=$(service_name)
    RASTRO_TEST_OWNER_PASSWORD=$(cat "$dir/owner.password")
    RASTRO_TEST_APP_PASSWORD=$(cat "$dir/app.password")
    "$@" || status=$?
    pg_remove "$dir" || return
    return $status
}

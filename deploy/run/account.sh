# shellcheck shell=bash
# Who runs what. initdb and rastrod refuse root. As an ordinary user everything runs as that user. As root, apt
# and the compiler run as root; the database, the server and the tests run as the account rastro-dev, which has
# no password, no shell and no home. Sourced by ./run.

SERVICE_ACCOUNT=rastro-dev

# as_service COMMAND...: as the account for what refuses root.
as_service() {
    if ((EUID == 0)); then
        setpriv --reuid="$SERVICE_ACCOUNT" --regid="$SERVICE_ACCOUNT" --clear-groups --inh-caps=-all -- \
            env -u XDG_RUNTIME_DIR -u MAIL HOME="$SERVICE_HOME" USER="$SERVICE_ACCOUNT" LOGNAME="$SERVICE_ACCOUNT" "$@"
    else
        "$@"
    fi
}

# Name that the operating system, and with peer authentication the database, knows the service by.
service_name() {
    if ((EUID == 0)); then echo "$SERVICE_ACCOUNT"; else id -un; fi
}

# service_dir DIR [MODE]: a directory that the service may write.
service_dir() {
    if ((EUID == 0)); then
        install -d -o "$SERVICE_ACCOUNT" -g "$SERVICE_ACCOUNT" -m "${2:-0700}" "$1"
    else
        install -d -m "${2:-0700}" "$1"
    fi
}

# As root: may the account reach and read this checkout? One below /root (0700), or cloned under umask 077, it may not.
account_reaches() {
    as_service test -x "$1" && as_service test -r "$1/CMakeLists.txt" && as_service test -x "$1/tests" &&
        as_service test -r "$1/run"
}

mirror_folder() { echo "/var/tmp/rastro-$(printf '%s' "$ROOT" | sha256sum | cut -c1-12)"; }

# Copies the checkout to a place that the account can read. Times are kept, so that the build there stays incremental,
# and files that were deleted here are deleted there.
mirror_refresh() {
    local base=$1 target=$1/checkout
    if [[ -L $base || (-e $base && $(stat -c %u "$base") != 0) ]]; then
        die "$base exists and is not root's: refusing to build in it" "look at it, remove it, run again"
    fi
    install -d -m 0755 "$base" "$target"
    (cd "$ROOT" && find . \( -path ./build -o -path './build-*' -o -path ./.demo -o -path ./.test -o -path ./.bench \
        -o -path ./.git -o -name node_modules \) -prune -o \( -type f -o -type l \) -print0) | sort -z >"$base/files.new"
    if [[ -f $base/files ]]; then
        (cd "$target" && comm -z -23 "$base/files" "$base/files.new" | xargs -0 -r rm -f --)
    fi
    tar -C "$ROOT" --null --files-from="$base/files.new" --owner=root --group=root --mode='u+rwX,go+rX,go-w' -cf - |
        tar -C "$target" -xpf - || return
    mv "$base/files.new" "$base/files"
    # Real lists that tests read, where they stand beside the checkout (tests/data).
    if [[ -r $ROOT/../shared/data ]]; then
        install -d -m 0755 "$base/shared" &&
            tar -C "$ROOT/../shared" --owner=root --group=root --mode='u+rwX,go+rX,go-w' -cf - data |
            tar -C "$base/shared" -xpf - || return
    fi
}

# account_prepare WORK ARGS...: makes the account if it is missing. If it cannot read this checkout, the run goes on
# in a copy that it can read. WORK=1 refreshes the copy; WORK=0 (stop, status, ...) uses it as it is.
account_prepare() {
    local work=$1 base
    shift
    ((EUID == 0)) || return 0
    umask 022
    if ! id "$SERVICE_ACCOUNT" >/dev/null 2>&1; then
        ((work)) || return 0
        say "Making the system account $SERVICE_ACCOUNT (no password, no shell): the database and the server refuse root."
        useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin \
            "$SERVICE_ACCOUNT" || die "useradd failed" "run as an ordinary user with sudo instead"
    fi
    SERVICE_HOME=/nonexistent
    as_service true || die "cannot become $SERVICE_ACCOUNT (setpriv failed)" "run as an ordinary user with sudo instead"
    account_reaches "$ROOT" && return 0
    [[ -z ${RASTRO_COPY_OF:-} ]] || die "$SERVICE_ACCOUNT cannot read $ROOT either" "clone into a directory such as /srv"
    base=$(mirror_folder)
    if ((work)); then
        say "$SERVICE_ACCOUNT cannot read $ROOT: working in a copy, $base/checkout"
        mirror_refresh "$base" || die "copying the checkout failed" "clone into a directory such as /srv"
    elif [[ ! -x $base/checkout/run ]]; then
        return 0
    fi
    RASTRO_COPY_OF=$ROOT RASTRO_SECONDS=$SECONDS exec "$base/checkout/run" "$@"
}

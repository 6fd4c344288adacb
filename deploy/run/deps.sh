# shellcheck shell=bash
# Debian packages: what is missing, printing it, installing it. Sourced by ./run.

PACKAGE_FILE=$ROOT/deploy/run/packages.txt

deps_wanted() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$PACKAGE_FILE"; }

# Node.js 18 or later that came another way than from Debian is used as it is: Debian's npm refuses to stand beside it.
deps_node_there() {
    command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null
}

# Packages of the list that are not installed, one a line. Asks dpkg only, never the network.
deps_missing() {
    local own='^$'
    ! deps_node_there || own='^(nodejs|npm)$'
    comm -23 <(deps_wanted | grep -Ev "$own" | sort -u) \
        <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | sort -u)
}

deps_installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

deps_check_system() {
    local id='' version=''
    # shellcheck source=/dev/null
    [[ ! -r /etc/os-release ]] || { id=$(. /etc/os-release && echo "$ID") version=$(. /etc/os-release && echo "${VERSION_ID:-}"); }
    if [[ $id != debian || $version != 12 ]]; then
        warn "made for Debian 12; this is ${id:-unknown} ${version}. Package names and versions may differ."
    fi
    command -v apt-get >/dev/null ||
        die "apt is needed to install packages" "use a Debian 12 system"
}

# Boost 1.81 and Debian's default 1.74 cannot be installed together. Removing someone's package is theirs to decide.
deps_check_boost() {
    deps_installed libboost1.74-dev || return 0
    deps_installed libboost1.81-dev && return 0
    die "libboost1.74-dev is installed and Debian does not allow it beside libboost1.81-dev, which Rastro needs" \
        "sudo apt-get remove libboost1.74-dev   (see first what else it takes away: apt-get -s remove libboost1.74-dev)"
}

# as_root COMMAND...: directly, or through sudo.
as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo -n -- "$@"
    fi
}

# Asks for the password, if sudo wants one, before steps hide the terminal.
deps_become_root() {
    ((EUID == 0)) && return 0
    command -v sudo >/dev/null ||
        die "installing packages needs root, and sudo is not installed" "su -c '$ROOT/run deps'"
    sudo -n true 2>/dev/null && return 0
    [[ -t 0 ]] || die "sudo wants a password and there is no terminal to ask" "sudo $ROOT/run deps"
    sudo -v || die "sudo refused" "ask an administrator to run: $ROOT/run deps"
}

# Debian's PostgreSQL package makes and starts a cluster on port 5432 when it is first installed. Nobody asked for
# that: it is switched off for this installation only, and only if PostgreSQL is not there yet.
deps_install() {
    local -a apt=(env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -y -q
        -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
    local folder=/etc/postgresql-common/createcluster.d no_cluster='' status=0
    as_root "${apt[@]}" update || return
    if ! deps_installed postgresql-15 && [[ ! -d /etc/postgresql/15 ]]; then
        no_cluster=$folder/rastro-no-main-cluster.conf
        as_root mkdir -p "$folder" || return
        as_root sh -c "echo 'create_main_cluster = false' >'$no_cluster'" || return
    fi
    as_root "${apt[@]}" install --no-install-recommends "$@" || status=$?
    [[ -z $no_cluster ]] || as_root rm -f "$no_cluster"
    return $status
}

# What every working verb calls first. Installed already: one dpkg-query and nothing else.
deps_ensure() {
    local -a missing
    local LOG_DIR  # not below build/: as root that would take the directory away from an ordinary user
    mapfile -t missing < <(deps_missing)
    ((${#missing[@]} > 0)) || return 0
    LOG_DIR=$(mktemp -d)
    deps_check_system
    deps_check_boost
    say "${UI_BOLD}To be installed with apt (${#missing[@]} packages and what they depend on):${UI_OFF}"
    printf '%s\n' "${missing[@]}" | paste -sd ' ' | fold -s -w 100 | sed 's/^/  /'
    deps_become_root
    step "Install packages" "./run deps --print, then apt-get install by hand to see why" \
        deps_install "${missing[@]}" || exit 1
    mapfile -t missing < <(deps_missing)
    rm -rf -- "$LOG_DIR"
    ((${#missing[@]} == 0)) || die "apt ended well, but these are still missing: ${missing[*]}" "./run doctor"
}

deps_main() {
    local -a missing
    case ${1:-} in
        --print)
            mapfile -t missing < <(deps_missing)
            say "Wanted:  $(deps_wanted | paste -sd ' ')"
            say "Missing: ${missing[*]:-none}"
            ;;
        '')
            deps_check_system
            deps_ensure
            say "All $(deps_wanted | wc -l) packages are installed."
            ;;
        *) die "deps knows only --print" "./run help" ;;
    esac
}

# shellcheck shell=bash
# Configure and build. Sourced by ./run.

# Objects that another checkout has compiled from the same text are taken from the compiler cache.
export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1

# build_configure PRESET
build_configure() { cmake --preset "$1"; }

# build_compile PRESET [TARGET...]
build_compile() {
    local preset=$1
    shift
    cmake --build "$ROOT/build/$preset" -j "$(nproc)" ${1:+--target "$@"}
}

# The packages of web/package-lock.json, once for each state of that file. npm's scripts stay off (web/.npmrc).
web_packages_there() {
    cmp -s "$ROOT/web/package-lock.json" "$ROOT/web/node_modules/.rastro-lock"
}
web_packages() {
    (cd "$ROOT/web" && npm ci --no-progress --loglevel=error) || return
    cp "$ROOT/web/package-lock.json" "$ROOT/web/node_modules/.rastro-lock"
}

# As a step of its own. The compiler cache, where Debian's ccache is installed, is used by the CMake files.
build_preset() {
    local preset=$1
    shift
    web_packages_there ||
        step "Packages of the browser client" "cd web && npm ci" web_packages || return
    step "Configure $preset" "rm -rf build/$preset, then again" build_configure "$preset" || return
    step "Build $preset" "cmake --build build/$preset" build_compile "$preset" "$@"
}

# The build directory must be writable by whoever runs this.
build_own() {
    mkdir -p "$ROOT/build" 2>/dev/null || true
    [[ -w $ROOT/build ]] ||
        die "build/ is not writable for $(id -un)" "sudo chown -R $(id -un) '$ROOT/build'"
    mkdir -p "$LOG_DIR"
    take_lock "$ROOT/build/run.lock"
}

format_main() {
    find common cases config certs protocol storage server client tests \( -name '*.hpp' -o -name '*.cpp' \) -print0 2>/dev/null |
        xargs -0 -r clang-format-16 -i
}

build_main() {
    build_own
    build_preset "${1:-release}" || exit 1
    say "Built in build/${1:-release}."
}

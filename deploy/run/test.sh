# shellcheck shell=bash
# ./run test: builds with both compilers and runs every test. Sourced by ./run.

# What a preset is for: release (clang-16) runs everything; asan (g++ 12 with sanitizers) repeats what runs code.
TEST_STATIC_LABELS='lint|bench'

# test_ctest PRESET CTEST-ARGUMENTS...: inside the test cluster, as the account that may start servers.
test_ctest() {
    local preset=$1
    shift
    service_dir "$ROOT/build/$preset/Testing" 0755 || return
    service_dir "$ROOT/build/$preset/test-work" 0755 || return
    with_test_cluster as_service env \
        ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1 \
        UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 \
        LSAN_OPTIONS=suppressions="$ROOT/tests/support/leaks.supp":print_suppressions=0 \
        PYTHONDONTWRITEBYTECODE=1 RASTRO_TEST_WORK="$ROOT/build/$preset/test-work" \
        ctest --test-dir "$ROOT/build/$preset" -j "$(nproc)" --no-tests=error --output-on-failure \
        --test-output-size-passed 4194304 --test-output-size-failed 4194304 \
        --output-junit "$ROOT/build/$preset/Testing/results.xml" "$@"
}

test_main() {
    local -a presets=(release asan) built=() select=() failed=() results=()
    local preset
    while (($# > 0)); do
        case $1 in
            --fast)
                presets=(release)
                select+=(-LE 'slow|bench|fuzz')
                ;;
            --preset)
                presets=("${2:?--preset needs a name}")
                shift
                ;;
            -L | -R)
                select+=("$1" "${2:?$1 needs a pattern}")
                shift
                ;;
            *) die "test knows --fast, --preset NAME, -L LABEL, -R NAME; not $1" "./run help" ;;
        esac
        shift
    done
    build_own
    service_dir "$TEST_STATE"
    trap_cleanup test_cleanup
    for preset in "${presets[@]}"; do
        if build_preset "$preset"; then built+=("$preset"); else failed+=("build $preset"); fi
    done
    for preset in "${built[@]}"; do
        rm -f "$ROOT/build/$preset/Testing/results.xml"
        local -a exclude=()
        [[ $preset == release || ${#select[@]} -gt 0 ]] || exclude=(-LE "$TEST_STATIC_LABELS")
        STEP_TAIL=0 step "Test $preset" "./run test --preset $preset -R NAME   (one test)" \
            test_ctest "$preset" "${select[@]}" "${exclude[@]}" || failed+=("test $preset")
        results+=("$preset=$ROOT/build/$preset/Testing/results.xml")
    done
    say "Took $(spoken_time "$SECONDS")."
    [[ ${#failed[@]} -eq 0 ]] || say "Failed: $(printf '%s; ' "${failed[@]}")"
    # The last line is read by machines: "N passed, M failed".
    python3 "$ROOT/deploy/run/test_summary.py" --broken "$((${#presets[@]} - ${#built[@]}))" "${results[@]}" || exit 1
}

test_cleanup() { [[ ! -d $TEST_CLUSTER ]] || pg_remove "$TEST_CLUSTER" >/dev/null 2>&1 || true; }

# ./run in-cluster COMMAND...: for developers, a throw-away database around any command.
in_cluster_main() {
    (($# > 0)) || die "in-cluster needs a command" "./run in-cluster ctest --test-dir build/release -L database"
    service_dir "$TEST_STATE"
    TEST_CLUSTER=$TEST_STATE/pg-$$
    trap_cleanup test_cleanup
    with_test_cluster in_reach as_service "$@"
}

# shellcheck shell=bash
# ./run bench: builds the optimised preset and runs what carries the label "bench", on a fresh cluster that syncs to
# disk as production does. Sourced by ./run.

bench_main() {
    TEST_CLUSTER=$ROOT/.bench/pg TEST_FSYNC=on
    build_own
    service_dir "$ROOT/.bench"
    trap_cleanup test_cleanup
    build_preset release || exit 1
    service_dir "$ROOT/build/release/Testing" 0755
    with_test_cluster in_reach as_service env RASTRO_BENCH_RESULTS="$ROOT/.bench" \
        ctest --test-dir "$ROOT/build/release" -L bench --no-tests=error --verbose "$@"
}

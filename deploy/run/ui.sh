# shellcheck shell=bash
# What a person sees: steps with progress and time, failures with the end of their log and the next command.
# Sourced by ./run. Uses LOG_DIR (where the logs of steps go).

if [[ -t 1 && ${TERM:-dumb} != dumb ]]; then
    UI_LIVE=1 UI_BOLD=$'\e[1m' UI_DIM=$'\e[2m' UI_RED=$'\e[31m' UI_GREEN=$'\e[32m' UI_OFF=$'\e[0m'
else
    UI_LIVE=0 UI_BOLD='' UI_DIM='' UI_RED='' UI_GREEN='' UI_OFF=''
fi
UI_JOB=''         # process group of the step that runs now
UI_STEP_STATUS=0  # exit status of the last step

say() { printf '%s\n' "$*"; }
note() { printf '  %s%s%s\n' "$UI_DIM" "$*" "$UI_OFF"; }
warn() { printf '%s\n' "${UI_RED}warning:${UI_OFF} $*" >&2; }
# die MESSAGE [NEXT COMMAND]
die() {
    printf '%s\n' "${UI_RED}error:${UI_OFF} $1" >&2
    [[ $# -lt 2 ]] || printf '  next: %s\n' "$2" >&2
    exit 1
}

# spoken_time SECONDS -> "4 s", "1 min 52 s"
spoken_time() {
    if (($1 < 60)); then
        printf '%d s' "$1"
    else
        printf '%d min %d s' $(($1 / 60)) $(($1 % 60))
    fi
}

# The last "[12/80]" (ninja) or "12/80 Test" (ctest) of a log.
ui_progress_of() {
    tail -c 4000 "$1" 2>/dev/null | grep -oE '^\[[0-9]+/[0-9]+\]|^ *[0-9]+/[0-9]+ Test' | tail -n 1 |
        tr -d '[] Test' || true
}

# step TITLE NEXT COMMAND...: runs COMMAND (a function or a program) with its output in a log file. It gets a
# process group of its own, so that Ctrl-C ends all that it started. NEXT is what to run if it fails.
# The status is also left in UI_STEP_STATUS. STEP_TAIL: how many lines of the log a failure shows (40).
step() {
    local title=$1 next=$2 begun=$SECONDS log heartbeat=$SECONDS
    shift 2
    mkdir -p "$LOG_DIR"
    log=$LOG_DIR/$(tr -cs 'a-zA-Z0-9\n' '-' <<<"$title" | sed 's/-*$//').log
    : >"$log"
    ((UI_LIVE)) || printf '  %-44s ' "$title"
    set -m
    (
        [[ -z ${LOCK_FD:-} ]] || exec {LOCK_FD}>&-
        trap - EXIT INT TERM HUP
        set +m
        "$@"
    ) >"$log" 2>&1 </dev/null &
    UI_JOB=$!
    set +m
    while kill -0 "$UI_JOB" 2>/dev/null; do
        if ((UI_LIVE)); then
            printf '\r\e[K  %-44s %s%s  %s%s' "$title" "$UI_DIM" "$(spoken_time $((SECONDS - begun)))" \
                "$(ui_progress_of "$log")" "$UI_OFF"
        elif ((SECONDS - heartbeat >= 60)); then
            heartbeat=$SECONDS
            printf '(%s %s) ' "$(spoken_time $((SECONDS - begun)))" "$(ui_progress_of "$log")"
        fi
        sleep 0.1
    done
    UI_STEP_STATUS=0
    wait "$UI_JOB" || UI_STEP_STATUS=$?
    UI_JOB=''
    ((!UI_LIVE)) || printf '\r\e[K  %-44s ' "$title"
    if ((UI_STEP_STATUS == 0)); then
        printf '%sdone%s  %s\n' "$UI_GREEN" "$UI_OFF" "$(spoken_time $((SECONDS - begun)))"
        return 0
    fi
    printf '%sFAILED%s  %s\n' "$UI_RED" "$UI_OFF" "$(spoken_time $((SECONDS - begun)))"
    tail -n "${STEP_TAIL:-40}" "$log" | sed 's/^/    | /' >&2
    printf '  whole log: %s\n' "$log" >&2
    [[ -z $next ]] || printf '  next: %s\n' "$next" >&2
    return "$UI_STEP_STATUS"
}

# in_reach COMMAND...: runs a command with its output shown, so that a signal to ./run ends it. With a terminal it
# stays in the foreground, where Ctrl-C reaches it; without one it gets a process group of its own, as steps do.
in_reach() {
    local status=0
    if [[ -t 0 ]]; then
        "$@"
        return
    fi
    set -m
    (
        trap - EXIT INT TERM HUP
        set +m
        "$@"
    ) <&0 &
    UI_JOB=$!
    set +m
    wait "$UI_JOB" || status=$?
    UI_JOB=''
    return $status
}

# Ends the running step with all its processes.
ui_stop_step() {
    local job=$UI_JOB
    [[ -n $job ]] || return 0
    UI_JOB=''
    kill -TERM -- "-$job" 2>/dev/null || return 0
    for _ in {1..50}; do
        kill -0 -- "-$job" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL -- "-$job" 2>/dev/null || true
}

# take_lock FILE: one ./run at a time works on what FILE stands for; a second one waits and says so. The lock
# is the kernel's (flock): it cannot be left behind by a process that died.
take_lock() {
    exec {LOCK_FD}>>"$1"
    if ! flock -n "$LOCK_FD"; then
        say "Another ./run is at work here (process $(head -n 1 "$1" 2>/dev/null || echo unknown)); waiting for it."
        flock "$LOCK_FD"
    fi
    printf '%s\n' "$$" >"$1"
}

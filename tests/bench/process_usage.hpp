// What processes cost, from /proc (proc(5)): processor time in seconds, resident memory.
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace rastro::bench {

// User and system time that the process has used; 0 if it is gone. Resolution: one clock tick (10
// ms).
[[nodiscard]] double processor_seconds(pid_t process);
// The same of a process with its children, ended ones included: a PostgreSQL cluster.
[[nodiscard]] double processor_seconds_with_children(pid_t process);
[[nodiscard]] double own_processor_seconds();
[[nodiscard]] std::size_t resident_kib(pid_t process);
[[nodiscard]] pid_t parent_of(pid_t process);

}  // namespace rastro::bench

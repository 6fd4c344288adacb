#include "client/exit_codes.hpp"

namespace rastro::client {

std::string_view exit_codes_text() noexcept {
    return R"(Exit codes of rastro

    0  done
    1  refused: the server understood and said no (4xx), or a check before sending did
    2  the command line is wrong
    3  partly done: some rows of a file were rejected, the others are done
    4  the server cannot be reached, or failed (5xx); trying again may help
    5  an audit log does not verify: the first bad entry is named
    6  something on this machine is in the way: a file, a key, the database
  130  interrupted with Ctrl-C
)";
}

}  // namespace rastro::client

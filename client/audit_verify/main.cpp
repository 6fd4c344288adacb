#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "client/audit_verify/audit_verify.hpp"

int main(int argc, char** argv) {
    std::vector<std::string_view> const arguments(argv + 1, argv + argc);
    std::string out;
    std::string err;
    auto const code = rastro::client::run_audit_verify(arguments, out, err);
    std::fwrite(out.data(), 1, out.size(), stdout);
    std::fwrite(err.data(), 1, err.size(), stderr);
    return code;
}

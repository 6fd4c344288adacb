// Prints the OpenAPI document, as GET /openapi.json gives it.
#include <cstdio>
#include <string>

#include "protocol/openapi.hpp"

int main() {
    std::string const document = rastro::protocol::openapi_document();
    return std::fwrite(document.data(), 1, document.size(), stdout) == document.size() ? 0 : 1;
}

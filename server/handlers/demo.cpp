#include <fstream>
#include <sstream>

#include "config/settings.hpp"
#include "server/handlers/handlers.hpp"

namespace rastro::server {

// The file is written by whoever set up the demonstration; anywhere else the address does not
// exist.
void bind_demo(Routes& routes, config::DemoSettings const& settings) {
    auto const path = settings.enabled ? settings.accounts : config::Path{};
    routes.bind_direct("demo_accounts",
                       [path](Arrival const&, HttpRequest const&) -> Outcome<Reply> {
                           std::ifstream file(path);
                           std::ostringstream content;
                           if (path.empty() || !(content << file.rdbuf())) {
                               return ProblemCode::not_found;
                           }
                           Reply reply;
                           reply.body = content.str();
                           return reply;
                       });
}

}  // namespace rastro::server

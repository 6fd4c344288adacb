// Every handler file binds its operations of the endpoint table here; the composition root calls
// each function once.
#pragma once

#include "server/routes.hpp"

namespace rastro::server {

void bind_people(
    Routes& routes);  // signing in, own account, users, roles, agencies, routes, certificates
void bind_legs(Routes& routes);       // the asked side: inbox, legs, answers
void bind_imports(Routes& routes);    // bulk import
void bind_catalogue(Routes& routes);  // code lists, makes, names that matched nothing

}  // namespace rastro::server

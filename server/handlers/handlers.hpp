// Every handler file binds its operations of the endpoint table here; the composition root calls
// each function once.
#pragma once

#include "config/settings.hpp"
#include "server/routes.hpp"

namespace rastro::server {

class Lanes;

void bind_people(
    Routes& routes);  // signing in, own account, users, roles, agencies, routes, certificates
// The asking side: requests from draft to end; writing one and reading a status are lanes.
void bind_traces(Routes& routes, Lanes& lanes, Services& services);
void bind_legs(Routes& routes);     // the asked side: inbox, legs, answers
void bind_imports(Routes& routes);  // bulk import
// Declared cases and the reports over them.
void bind_linked_cases(Routes& routes);
void bind_linked_types(Routes& routes);
void bind_linked_move(Routes& routes);
void bind_break_glass(Routes& routes);
void bind_linked_parts(Routes& routes);
void bind_linked_links(Routes& routes);
void bind_tracker(Routes& routes);
void bind_linked_operations(Routes& routes);
void bind_linked_signals(Routes& routes);
void bind_reports(Routes& routes);
void bind_report_snapshots(Routes& routes);
void bind_catalogue(Routes& routes);  // code lists, makes, names that matched nothing
void bind_serials(Routes& routes);    // search for serial numbers, matches
void bind_registers(Routes& routes);  // lost, stolen, ... and destroyed firearms
void bind_audit(Routes& routes);      // the audit log: checkpoint, tiles, proofs, explorer, export

// Who may sign in to a demonstration (setting demo.accounts).
void bind_demo(Routes& routes, config::DemoSettings const& settings);

}  // namespace rastro::server

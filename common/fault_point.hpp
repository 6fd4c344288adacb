// Named points at which a test can make the process fail, wait or die. Compiled in only with
// RASTRO_FAULT_POINTS; a release binary contains neither the names nor the code.
#pragma once

#include <string_view>

namespace rastro {

#ifdef RASTRO_FAULT_POINTS
// Looks at RASTRO_FAULT ("name=kill|throw|delay:MS[,...]") and acts if `name` is listed.
void reach_fault_point(std::string_view name);
#define RASTRO_FAULT_POINT(name) ::rastro::reach_fault_point(name)
#else
#define RASTRO_FAULT_POINT(name) static_cast<void>(0)
#endif

}  // namespace rastro

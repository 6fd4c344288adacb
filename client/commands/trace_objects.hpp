// Requests and legs as people name them: by id, or by the number of the request.
#pragma once

#include <functional>
#include <string>

#include "client/context.hpp"

namespace rastro::client {

[[nodiscard]] Option request_argument();
[[nodiscard]] Option leg_argument();

// Id of the request with this id or number.
[[nodiscard]] Result<std::string> case_id_of(Context& context, std::string const& named);

enum class Side : std::uint8_t { asking, asked };
// Id of the leg with this id; or of the only leg of the request with this number that is addressed
// to the own agency (asked), or that the own agency put (asking). `state`: if not empty and several
// legs are there, those in this state.
[[nodiscard]] Result<std::string> leg_id_of(Context& context,
                                            std::string const& named,
                                            Side side,
                                            std::string_view state = {});

// Reads the request or leg of the argument, makes the call under its ETag with `body`, prints the
// result. `body` empty: none.
[[nodiscard]] Result<ExitCode> act_on_request(Context& context,
                                              std::string_view operation,
                                              std::optional<boost::json::value> body);
[[nodiscard]] Result<ExitCode> act_on_leg(Context& context,
                                          std::string_view operation,
                                          Side side,
                                          std::optional<boost::json::value> body,
                                          std::string_view state = {});

// A request or a leg for people.
[[nodiscard]] std::string request_text(boost::json::value const& request, std::size_t width);
[[nodiscard]] std::string leg_text(boost::json::value const& leg, std::size_t width);

}  // namespace rastro::client

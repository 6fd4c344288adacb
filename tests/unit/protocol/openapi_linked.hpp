// Messages of declared cases and reports with every member, and with as few as there can be; bodies
// of what is asked of them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/problem.hpp"

namespace rastro::test {

struct LinkedReply {
    std::string_view schema;
    std::string full;
    std::string minimal;
};
[[nodiscard]] std::vector<LinkedReply> linked_replies();

struct LinkedBody {
    std::string_view schema;
    std::function<std::optional<Problem>(std::string_view)> read;
    std::string_view full;
    std::string_view minimal;
};
[[nodiscard]] std::vector<LinkedBody> linked_bodies();

}  // namespace rastro::test

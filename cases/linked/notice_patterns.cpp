#include "cases/linked/notice_patterns.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace rastro::cases {

std::vector<std::vector<std::string>> split_notices(std::vector<NoticeFact> const& all) {
    struct Sum {
        std::int64_t grams = 0;
        std::int64_t threshold = 0;
        std::vector<std::string> cases;
    };
    std::map<std::tuple<std::string, std::string, int, unsigned>, Sum> months;
    for (auto const& notice : all) {
        auto& sum = months[{notice.consignee,
                            notice.substance,
                            static_cast<int>(notice.dispatch_on.year()),
                            static_cast<unsigned>(notice.dispatch_on.month())}];
        sum.grams += notice.grams;
        sum.threshold = std::max(sum.threshold, notice.threshold_grams);
        sum.cases.push_back(notice.case_id);
    }
    std::vector<std::vector<std::string>> groups;
    for (auto const& [key, sum] : months) {
        bool const just_under =
            sum.threshold > 0 && sum.grams < sum.threshold && sum.grams * 100 >= sum.threshold * 95;
        if (just_under && sum.cases.size() >= 3) {
            groups.push_back(sum.cases);
        }
    }
    return groups;
}

std::vector<std::string> rerouted_notices(std::vector<NoticeFact> const& all) {
    std::vector<std::string> found;
    for (auto const& notice : all) {
        bool const reappears = std::ranges::any_of(all, [&](NoticeFact const& earlier) {
            return earlier.objected && earlier.consignee == notice.consignee &&
                   earlier.exporter != notice.exporter && earlier.dispatch_on <= notice.dispatch_on;
        });
        if (reappears) {
            found.push_back(notice.case_id);
        }
    }
    return found;
}

}  // namespace rastro::cases

#include "cases/linked/fx_settlement.hpp"

#include <algorithm>
#include <numeric>

namespace rastro::cases {

namespace {

constexpr std::int64_t kCompletePercent = 99;

bool is_complete(ExportDeclaration const& declaration, std::int64_t settled) {
    return settled * 100 >= declaration.due.minor * kCompletePercent;
}

int days_between(Date from, Date to) {
    return static_cast<int>((std::chrono::sys_days(to) - std::chrono::sys_days(from)).count());
}

class Matcher {
 public:
    Matcher(std::vector<ExportDeclaration> const& declarations, Date today)
        : declarations_(declarations), today_(today), order_(declarations.size()) {
        for (auto const& declaration : declarations) {
            result_.declarations.push_back(
                {declaration.declaration_no, 0, declaration.due.minor, false, 0, {}});
        }
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        std::ranges::stable_sort(order_, {}, [&](std::size_t i) { return declarations[i].due_on; });
    }

    void take(FxOperation const& operation) {
        auto left = operation.amount.minor;
        for (auto const i : order_) {
            auto const& declaration = declarations_[i];
            auto& settlement = result_.declarations[i];
            bool const named = operation.declaration_no.empty()
                                   ? declaration.trader == operation.trader
                                   : declaration.declaration_no == operation.declaration_no;
            if (left <= 0 || !named || settlement.open <= 0 ||
                declaration.due.currency != operation.amount.currency) {
                continue;
            }
            auto const part = std::min(left, settlement.open);
            settlement.settled += part;
            settlement.open -= part;
            settlement.operations.push_back(operation.reference);
            left -= part;
            if (!settlement.complete && is_complete(declaration, settlement.settled)) {
                settlement.complete = true;
                settlement.days_late =
                    std::max(0, days_between(declaration.due_on, operation.settled_on));
            }
        }
        if (left > 0) {
            result_.unmatched.push_back(operation.reference);
        }
    }

    SettlementResult finish() {
        for (std::size_t i = 0; i < declarations_.size(); ++i) {
            if (!result_.declarations[i].complete) {
                result_.declarations[i].days_late =
                    std::max(0, days_between(declarations_[i].due_on, today_));
            }
        }
        return std::move(result_);
    }

 private:
    std::vector<ExportDeclaration> const& declarations_;
    Date today_;
    std::vector<std::size_t> order_;  // soonest due first
    SettlementResult result_;
};

}  // namespace

std::optional<Date> fx_due_on(std::vector<FxTerm> const& terms,
                              std::string_view country,
                              std::string_view fx_class,
                              Date shipped_on) {
    FxTerm const* best = nullptr;
    for (auto const& term : terms) {
        bool const holds = term.country == country && term.fx_class == fx_class &&
                           term.valid_from <= shipped_on &&
                           (!term.valid_to || shipped_on <= *term.valid_to);
        if (holds && (best == nullptr || best->valid_from < term.valid_from)) {
            best = &term;
        }
    }
    if (best == nullptr) {
        return std::nullopt;
    }
    return Date(std::chrono::sys_days(shipped_on) + std::chrono::days(best->days));
}

SettlementResult match_settlements(std::vector<ExportDeclaration> const& declarations,
                                   std::vector<FxOperation> operations,
                                   Date today) {
    std::ranges::stable_sort(operations, {}, &FxOperation::settled_on);
    Matcher matcher(declarations, today);
    for (auto const& operation : operations) {
        matcher.take(operation);
    }
    return matcher.finish();
}

}  // namespace rastro::cases

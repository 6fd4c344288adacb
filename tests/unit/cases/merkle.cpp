#include "cases/merkle.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <map>
#include <stdexcept>
#include <string>

#include "common/text.hpp"

using namespace rastro;
using namespace rastro::cases;

namespace {

// RFC 6962 2.1 word for word: the independent definition that everything is held against.
Digest defined_root(std::span<Digest const> leaves) {
    if (leaves.empty()) {
        return sha256("");
    }
    if (leaves.size() == 1) {
        return leaves.front();
    }
    auto const k = std::bit_floor(leaves.size() - 1);
    return node_hash(defined_root(leaves.first(k)), defined_root(leaves.subspan(k)));
}

std::vector<Digest> numbered_leaves(std::size_t count) {
    std::vector<Digest> leaves;
    for (std::size_t i = 0; i < count; ++i) {
        leaves.push_back(leaf_hash(as_bytes("entry " + std::to_string(i))));
    }
    return leaves;
}

class LeafSource final : public HashSource {
 public:
    explicit LeafSource(std::vector<Digest> leaves) : leaves_(std::move(leaves)) {}
    std::optional<Digest> hash(unsigned level, std::uint64_t index) override {
        auto const begin = index << level;
        auto const count = std::uint64_t{1} << level;
        if (begin + count > leaves_.size()) {
            return std::nullopt;
        }
        auto [known, fresh] = known_.try_emplace({level, index});
        if (fresh) {
            known->second = defined_root(std::span(leaves_).subspan(begin, count));
        }
        return known->second;
    }

 private:
    std::vector<Digest> leaves_;
    std::map<std::pair<unsigned, std::uint64_t>, Digest> known_;
};

std::vector<Digest> prefix_roots(std::span<Digest const> leaves) {
    TreeAccumulator tree;
    std::vector<Digest> roots{tree.root()};
    for (auto const& leaf : leaves) {
        tree.append(leaf);
        roots.push_back(tree.root());
    }
    return roots;
}

}  // namespace

TEST_CASE("the reference tree of RFC 6962 implementations has its published roots") {
    static constexpr std::pair<std::string_view, std::string_view> rows[] = {
        {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
        {"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
        {"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
        {"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
        {"606162636465666768696a6b6c6d6e6f",
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
    };
    CHECK(to_hex(empty_root()) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(TreeAccumulator{}.root() == empty_root());
    std::vector<Digest> leaves;
    for (auto const& [data, root] : rows) {
        leaves.push_back(leaf_hash(*from_hex(data)));
        CHECK(to_hex(root_of(leaves)) == root);
        CHECK(to_hex(defined_root(leaves)) == root);
    }
}

TEST_CASE(
    "a leaf hashes the same from one span, from a prefixed span and beyond the stack buffer") {
    for (std::size_t size : {0U, 1U, 255U, 4095U, 4096U, 65535U}) {
        Bytes prefixed(size + 1, 0xA5);
        prefixed[0] = 0;
        CHECK(leaf_hash(std::span(prefixed).subspan(1)) == sha256(prefixed));
        CHECK(prefixed_leaf_hash(prefixed) == sha256(prefixed));
    }
}

TEST_CASE(
    "every inclusion proof up to 130 leaves verifies, and no other place, size or leaf does") {
    auto const leaves = numbered_leaves(131);
    auto const roots = prefix_roots(leaves);
    LeafSource source(leaves);
    std::size_t wrong = 0;
    for (std::uint64_t size = 1; size <= 130; ++size) {
        wrong += roots[size] == defined_root(std::span(leaves).first(size)) ? 0U : 1U;
        wrong += *root_from(source, size) == roots[size] ? 0U : 1U;
        for (std::uint64_t index = 0; index < size; ++index) {
            auto const proof = *make_inclusion_proof(source, index, size);
            wrong += verify_inclusion(leaves[index], index, size, proof, roots[size]) ? 0U : 1U;
            wrong += verify_inclusion(leaves[index + 1], index, size, proof, roots[size]) ? 1U : 0U;
            wrong += verify_inclusion(leaves[index], index + 1, size, proof, roots[size]) ? 1U : 0U;
            wrong += verify_inclusion(leaves[index], index, size, proof, roots[size - 1]) ? 1U : 0U;
        }
    }
    CHECK(wrong == 0);
    CHECK_FALSE(make_inclusion_proof(source, 5, 5).has_value());
    CHECK(make_inclusion_proof(source, 0, 500).error().code() == ProblemCode::internal_error);
}

TEST_CASE("every consistency proof up to 130 leaves verifies, and only between its own two trees") {
    auto const leaves = numbered_leaves(130);
    auto const roots = prefix_roots(leaves);
    LeafSource source(leaves);
    std::size_t wrong = 0;
    for (std::uint64_t to = 0; to <= 130; ++to) {
        for (std::uint64_t from = 0; from <= to; ++from) {
            auto const proof = *make_consistency_proof(source, from, to);
            wrong += verify_consistency(from, roots[from], to, roots[to], proof) ? 0U : 1U;
            if (from > 0 && from < to) {
                wrong += verify_consistency(from, roots[from - 1], to, roots[to], proof) ? 1U : 0U;
                wrong += verify_consistency(from, roots[from], to, roots[to - 1], proof) ? 1U : 0U;
                wrong += verify_consistency(from - 1, roots[from], to, roots[to], proof) ? 1U : 0U;
            }
        }
    }
    CHECK(wrong == 0);
    CHECK_FALSE(make_consistency_proof(source, 9, 8).has_value());
    CHECK_FALSE(verify_consistency(9, roots[9], 8, roots[8], {}));
    CHECK_FALSE(verify_consistency(0, roots[1], 8, roots[8], {}));
}

TEST_CASE("any single change to a proof is refused") {
    auto const leaves = numbered_leaves(100);
    auto const roots = prefix_roots(leaves);
    LeafSource source(leaves);
    std::size_t accepted = 0;
    auto const tamper_all = [&](Proof const& good, auto const& verify) {
        for (std::size_t i = 0; i < good.size(); ++i) {
            for (std::size_t byte : {0U, 15U, 31U}) {
                auto changed = good;
                changed[i][byte] ^= 0x40U;
                accepted += verify(changed) ? 1U : 0U;
            }
            auto shorter = good;
            shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
            accepted += verify(shorter) ? 1U : 0U;
            auto longer = good;
            longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), good[i]);
            accepted += verify(longer) ? 1U : 0U;
        }
        auto longer = good;
        longer.push_back(roots[1]);
        accepted += verify(longer) ? 1U : 0U;
    };
    for (std::uint64_t size : {2U, 7U, 64U, 65U, 99U}) {
        for (std::uint64_t index = 0; index < size; index += 3) {
            tamper_all(*make_inclusion_proof(source, index, size), [&](Proof const& proof) {
                return verify_inclusion(leaves[index], index, size, proof, roots[size]);
            });
        }
        for (std::uint64_t from = 1; from < size; from += 3) {
            tamper_all(*make_consistency_proof(source, from, size), [&](Proof const& proof) {
                return verify_consistency(from, roots[from], size, roots[size], proof);
            });
        }
    }
    CHECK(accepted == 0);
}

TEST_CASE("verification is total on sizes at the end of the range") {
    Proof const proof(63, Digest{});
    auto const most = ~std::uint64_t{0};
    CHECK_FALSE(verify_inclusion(Digest{}, most - 1, most, proof, Digest{}));
    CHECK_FALSE(verify_consistency(most - 1, Digest{}, most, Digest{}, proof));
    CHECK_FALSE(verify_consistency(1, Digest{}, most, Digest{}, {}));
}

TEST_CASE("an accumulator resumes from its peaks and takes whole subtrees") {
    auto const leaves = numbered_leaves(77);
    for (std::size_t cut : {0U, 1U, 31U, 64U, 76U}) {
        TreeAccumulator tree;
        for (auto const& leaf : std::span(leaves).first(cut)) {
            tree.append(leaf);
        }
        auto resumed = TreeAccumulator::resume(tree.size(), tree.peaks());
        REQUIRE(resumed.has_value());
        for (auto const& leaf : std::span(leaves).subspan(cut)) {
            resumed->append(leaf);
        }
        CHECK(resumed->root() == root_of(leaves));
    }
    CHECK_FALSE(TreeAccumulator::resume(3, std::vector<Digest>(1)).has_value());
    TreeAccumulator by_eights;
    for (std::size_t at = 0; at + 8 <= leaves.size(); at += 8) {
        by_eights.append_subtree(3, root_of(std::span(leaves).subspan(at, 8)));
    }
    CHECK(by_eights.root() == root_of(std::span(leaves).first(72)));
    by_eights.append(leaves[72]);
    CHECK_THROWS_AS(by_eights.append_subtree(3, Digest{}), std::logic_error);
}

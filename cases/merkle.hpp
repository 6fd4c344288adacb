// The Merkle tree of the audit log: RFC 6962 section 2.1, with the verification procedures of RFC
// 9162 sections 2.1.3.2 and 2.1.4.2. Hash is SHA-256; leaf = H(0x00 || data), node = H(0x01 || left
// || right), empty tree = H(""). Nothing here keeps a whole tree: proofs are made from a source of
// node hashes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/digest.hpp"
#include "common/outcome.hpp"

namespace rastro::cases {

[[nodiscard]] Digest leaf_hash(std::span<std::uint8_t const> leaf);
// For a caller that has the leaf behind one spare byte: `prefixed` must start with 0x00, then the
// leaf. Saves the copy that leaf_hash makes.
[[nodiscard]] Digest prefixed_leaf_hash(std::span<std::uint8_t const> prefixed);
[[nodiscard]] Digest node_hash(Digest const& left, Digest const& right);
[[nodiscard]] Digest empty_root();

// MTH over leaf hashes (not over leaf data); empty_root() for none.
[[nodiscard]] Digest root_of(std::span<Digest const> leaf_hashes);

// Hashes of complete subtrees. Node (level, index) covers the leaves
// [index * 2^level, (index + 1) * 2^level), level 0 being the leaf hashes.
class HashSource {
 public:
    virtual ~HashSource() = default;
    // nullopt if that hash is not to be had.
    [[nodiscard]] virtual std::optional<Digest> hash(unsigned level, std::uint64_t index) = 0;
};

using Proof = std::vector<Digest>;

// Root of the tree of `size` leaves. Problem internal_error if the source lacks a hash.
[[nodiscard]] Outcome<Digest> root_from(HashSource& source, std::uint64_t size);

// PATH(index, D[size]), from the leaf's sibling to the root's child. Problem validation_failed
// unless index < size; internal_error if the source lacks a hash.
[[nodiscard]] Outcome<Proof> make_inclusion_proof(HashSource& source,
                                                  std::uint64_t index,
                                                  std::uint64_t size);
// PROOF(from, D[to]), RFC 6962 2.1.2; empty for from == 0 and for from == to. Problem
// validation_failed unless from <= to; internal_error if the source lacks a hash.
[[nodiscard]] Outcome<Proof> make_consistency_proof(HashSource& source,
                                                    std::uint64_t from,
                                                    std::uint64_t to);

// Total on any input. A proof that is longer or shorter than the sizes demand is refused.
[[nodiscard]] bool verify_inclusion(Digest const& leaf,
                                    std::uint64_t index,
                                    std::uint64_t size,
                                    std::span<Digest const> proof,
                                    Digest const& root);
// From size 0 only the empty proof and the empty root are accepted; so is an equal size with equal
// root.
[[nodiscard]] bool verify_consistency(std::uint64_t from,
                                      Digest const& from_root,
                                      std::uint64_t to,
                                      Digest const& to_root,
                                      std::span<Digest const> proof);

// A growing tree in constant memory: one hash for each complete subtree of the right edge (a
// "compact range"). Appending n leaves costs n - 1 node hashes in all.
class TreeAccumulator {
 public:
    void append(Digest const& leaf_hash);
    // Appends a complete subtree of 2^level leaves. Throws std::logic_error unless size() is a
    // multiple of 2^level.
    void append_subtree(unsigned level, Digest const& hash);
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] Digest root() const;
    // Root of this tree with a right part of root `tail` behind it, where the right part has no
    // more leaves than the smallest peak of this tree.
    [[nodiscard]] Digest root_before(Digest const& tail) const;

    // The complete subtrees from the largest (leftmost) to the smallest: what resume() takes.
    [[nodiscard]] std::vector<Digest> peaks() const;
    // nullopt if the number of peaks is not the number of one bits of `size`.
    [[nodiscard]] static std::optional<TreeAccumulator> resume(std::uint64_t size,
                                                               std::span<Digest const> peaks);

 private:
    std::uint64_t size_ = 0;
    std::array<Digest, 64> peaks_{};  // peaks_[l] is meant iff bit l of size_ is set
};

}  // namespace rastro::cases

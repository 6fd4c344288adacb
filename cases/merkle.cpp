#include "cases/merkle.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace rastro::cases {

namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::uint8_t kNodePrefix = 0x01;

// The largest power of two below `size`, as an exponent; size >= 2. RFC 6962 2.1: k.
unsigned split_level(std::uint64_t size) noexcept {
    return static_cast<unsigned>(std::bit_width(size - 1)) - 1;
}

Problem lacking_hash(unsigned level, std::uint64_t index) {
    return {
        ProblemCode::internal_error,
        "tree hash missing: level " + std::to_string(level) + ", index " + std::to_string(index)};
}

// MTH(D[begin:end]), where begin is a multiple of the power of two that is not below end - begin.
Outcome<Digest> range_root(HashSource& source, std::uint64_t begin, std::uint64_t end) {
    auto const count = end - begin;
    if (std::has_single_bit(count)) {
        auto const level = static_cast<unsigned>(std::countr_zero(count));
        if (auto found = source.hash(level, begin >> level)) {
            return *found;
        }
        return lacking_hash(level, begin >> level);
    }
    auto const middle = begin + (std::uint64_t{1} << split_level(count));
    RASTRO_TRY(left, range_root(source, begin, middle));
    RASTRO_TRY(right, range_root(source, middle, end));
    return node_hash(left, right);
}

}  // namespace

Digest leaf_hash(std::span<std::uint8_t const> leaf) {
    constexpr std::size_t kOnStack = 4096;
    if (leaf.size() < kOnStack) {
        std::array<std::uint8_t, kOnStack> buffer;  // NOLINT: written before it is read
        buffer[0] = kLeafPrefix;
        std::copy(leaf.begin(), leaf.end(), buffer.begin() + 1);
        return sha256(std::span(buffer.data(), leaf.size() + 1));
    }
    Sha256 stream;
    stream.update(std::span(&kLeafPrefix, 1));
    stream.update(leaf);
    return stream.finish();
}

Digest prefixed_leaf_hash(std::span<std::uint8_t const> prefixed) {
    return sha256(prefixed);
}

Digest node_hash(Digest const& left, Digest const& right) {
    std::array<std::uint8_t, 65> buffer;  // NOLINT: written before it is read
    buffer[0] = kNodePrefix;
    std::memcpy(buffer.data() + 1, left.data(), left.size());
    std::memcpy(buffer.data() + 33, right.data(), right.size());
    return sha256(buffer);
}

Digest empty_root() {
    return sha256(std::span<std::uint8_t const>{});
}

Digest root_of(std::span<Digest const> leaf_hashes) {
    TreeAccumulator tree;
    for (auto const& leaf : leaf_hashes) {
        tree.append(leaf);
    }
    return tree.root();
}

Outcome<Digest> root_from(HashSource& source, std::uint64_t size) {
    if (size == 0) {
        return empty_root();
    }
    return range_root(source, 0, size);
}

Outcome<Proof> make_inclusion_proof(HashSource& source, std::uint64_t index, std::uint64_t size) {
    if (index >= size) {
        return Problem{ProblemCode::validation_failed, "entry index is not below the tree size"};
    }
    // Walks from the root to the leaf; the siblings come out in reverse.
    Proof proof;
    std::uint64_t begin = 0;
    std::uint64_t end = size;
    while (end - begin > 1) {
        auto const middle = begin + (std::uint64_t{1} << split_level(end - begin));
        bool const left = index < middle;
        RASTRO_TRY(sibling,
                   left ? range_root(source, middle, end) : range_root(source, begin, middle));
        proof.push_back(sibling);
        (left ? end : begin) = middle;
    }
    std::ranges::reverse(proof);
    return proof;
}

Outcome<Proof> make_consistency_proof(HashSource& source, std::uint64_t from, std::uint64_t to) {
    if (from > to) {
        return Problem{ProblemCode::validation_failed,
                       "the earlier tree is larger than the later one"};
    }
    Proof proof;
    if (from == 0 || from == to) {
        return proof;
    }
    std::uint64_t begin = 0;
    std::uint64_t end = to;
    while (from != end) {  // SUBPROOF(from - begin, D[begin:end], begin == 0)
        auto const middle = begin + (std::uint64_t{1} << split_level(end - begin));
        bool const left = from <= middle;
        RASTRO_TRY(sibling,
                   left ? range_root(source, middle, end) : range_root(source, begin, middle));
        proof.push_back(sibling);
        (left ? end : begin) = middle;
    }
    if (begin != 0) {
        RASTRO_TRY(shared, range_root(source, begin, end));
        proof.push_back(shared);
    }
    std::ranges::reverse(proof);
    return proof;
}

bool verify_inclusion(Digest const& leaf,
                      std::uint64_t index,
                      std::uint64_t size,
                      std::span<Digest const> proof,
                      Digest const& root) {
    if (index >= size) {
        return false;
    }
    auto fn = index;
    auto sn = size - 1;
    Digest hash = leaf;
    for (auto const& sibling : proof) {
        if (sn == 0) {
            return false;
        }
        if ((fn & 1U) != 0 || fn == sn) {
            hash = node_hash(sibling, hash);
            while ((fn & 1U) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            hash = node_hash(hash, sibling);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && hash == root;
}

bool verify_consistency(std::uint64_t from,
                        Digest const& from_root,
                        std::uint64_t to,
                        Digest const& to_root,
                        std::span<Digest const> proof) {
    if (from > to) {
        return false;
    }
    if (from == 0) {
        return proof.empty() && from_root == empty_root() && (to != 0 || to_root == from_root);
    }
    if (from == to) {
        return proof.empty() && from_root == to_root;
    }
    // RFC 9162 2.1.4.2 step 2: a complete earlier tree is its own first node.
    bool const complete = std::has_single_bit(from);
    if (!complete && proof.empty()) {
        return false;
    }
    Digest const first = complete ? from_root : proof.front();
    auto fn = from - 1;
    auto sn = to - 1;
    while ((fn & 1U) != 0) {
        fn >>= 1;
        sn >>= 1;
    }
    Digest fr = first;
    Digest sr = first;
    for (auto const& c : complete ? proof : proof.subspan(1)) {
        if (sn == 0) {
            return false;
        }
        if ((fn & 1U) != 0 || fn == sn) {
            fr = node_hash(c, fr);
            sr = node_hash(c, sr);
            while ((fn & 1U) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            sr = node_hash(sr, c);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && fr == from_root && sr == to_root;
}

void TreeAccumulator::append(Digest const& leaf_hash) {
    append_subtree(0, leaf_hash);
}

void TreeAccumulator::append_subtree(unsigned level, Digest const& hash) {
    auto const added = level > 63 ? 0 : std::uint64_t{1} << level;
    if (added == 0 || (size_ & (added - 1)) != 0) {
        throw std::logic_error("a subtree may only follow a multiple of its own size");
    }
    Digest carry = hash;
    for (; ((size_ >> level) & 1U) != 0; ++level) {
        carry = node_hash(peaks_[level], carry);
    }
    peaks_[level] = carry;
    size_ += added;
}

Digest TreeAccumulator::root() const {
    if (size_ == 0) {
        return empty_root();
    }
    auto level = static_cast<unsigned>(std::countr_zero(size_));
    Digest hash = peaks_[level];
    for (++level; level < 64; ++level) {
        if (((size_ >> level) & 1U) != 0) {
            hash = node_hash(peaks_[level], hash);
        }
    }
    return hash;
}

Digest TreeAccumulator::root_before(Digest const& tail) const {
    Digest hash = tail;
    for (unsigned level = 0; level < 64; ++level) {
        if (((size_ >> level) & 1U) != 0) {
            hash = node_hash(peaks_[level], hash);
        }
    }
    return hash;
}

std::vector<Digest> TreeAccumulator::peaks() const {
    std::vector<Digest> found;
    for (unsigned level = 64; level-- > 0;) {
        if (((size_ >> level) & 1U) != 0) {
            found.push_back(peaks_[level]);
        }
    }
    return found;
}

std::optional<TreeAccumulator> TreeAccumulator::resume(std::uint64_t size,
                                                       std::span<Digest const> peaks) {
    if (static_cast<std::size_t>(std::popcount(size)) != peaks.size()) {
        return std::nullopt;
    }
    TreeAccumulator tree;
    tree.size_ = size;
    std::size_t next = 0;
    for (unsigned level = 64; level-- > 0;) {
        if (((size >> level) & 1U) != 0) {
            tree.peaks_[level] = peaks[next++];
        }
    }
    return tree;
}

}  // namespace rastro::cases

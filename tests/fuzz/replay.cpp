// replay CORPUS ROUNDS: feeds every file of the folder to the target, then so many mutations of
// them, the same ones in every run. An input that breaks the target, or takes longer than it may,
// is left in ./broken-input.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/fuzz/expect.hpp"

// The sanitizer's report ends in abort(), which keep_input() sees.
extern "C" char const* __asan_default_options();
extern "C" char const* __asan_default_options() {
    return "abort_on_error=1";
}

namespace {

constexpr std::size_t longest_input = 64 * 1024;
constexpr double longest_seconds = 2.0;  // of processor time, sanitizers included

std::string_view present;  // the input being tried

void keep_input(int signal) {
    constexpr std::string_view said = "the input is in ./broken-input\n";
    int const file = open("broken-input", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    bool const kept = file >= 0 && write(file, present.data(), present.size()) >= 0;
    if (kept && write(STDERR_FILENO, said.data(), said.size()) < 0) {
        _exit(1);
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

// xorshift64*: the same sequence everywhere.
class Dice {
 public:
    std::size_t below(std::size_t limit) {
        state_ ^= state_ >> 12U;
        state_ ^= state_ << 25U;
        state_ ^= state_ >> 27U;
        return static_cast<std::size_t>((state_ * 0x2545F4914F6CDD1DULL) >> 33U) % limit;
    }

 private:
    std::uint64_t state_ = 0x9E3779B97F4A7C15ULL;
};

// Bytes that parsers tend to treat specially.
std::vector<std::string> const& spices() {
    using namespace std::string_literals;
    static std::vector<std::string> const list{"\0"s,
                                               "\r\n",
                                               "\r",
                                               "\n",
                                               "\r\n\r\n",
                                               "\"",
                                               "\"\"",
                                               "{",
                                               "}",
                                               "[",
                                               "]",
                                               "[[[[[[[[",
                                               "{\"a\":",
                                               ",",
                                               ":",
                                               "\\",
                                               "\\u0000",
                                               "\\ud800",
                                               "1e309",
                                               "-0",
                                               "18446744073709551616",
                                               "%00",
                                               "%2e%2e",
                                               "/../",
                                               "?",
                                               "*",
                                               "{8B}",
                                               "chunked",
                                               "0\r\n",
                                               "ffffffffffffffff",
                                               " ",
                                               "\t",
                                               ";",
                                               "=",
                                               "Content-Length: 5\r\n",
                                               "\xff",
                                               "\x80",
                                               "\xc0\xaf",
                                               "\xed\xa0\x80",
                                               "\xef\xbb\xbf",
                                               "\x30\x82\xff\xff",
                                               "\x30\x80",
                                               "\x02\x01",
                                               "Transfer-Encoding: chunked\r\n"};
    return list;
}

void mutate(std::string& input, std::vector<std::string> const& corpus, Dice& dice) {
    auto const at = [&] { return dice.below(input.size() + 1); };
    auto const some = [&](std::size_t from, std::string const& text) {
        return std::min(text.size() - from, dice.below(32) + 1);
    };
    switch (dice.below(8)) {
        case 0:
            if (!input.empty()) {
                auto& byte = input[dice.below(input.size())];
                byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << dice.below(8)));
            }
            break;
        case 1:
            if (!input.empty()) {
                input[dice.below(input.size())] = static_cast<char>(dice.below(256));
            }
            break;
        case 2: {
            auto const from = at();
            input.erase(from, some(from, input));
            break;
        }
        case 3: {
            auto const from = at();
            auto const piece = input.substr(from, some(from, input));
            input.insert(at(), piece);
            break;
        }
        case 4:
            input.insert(at(), spices()[dice.below(spices().size())]);
            break;
        case 5:
            input.resize(at());
            break;
        case 6: {
            auto const& other = corpus[dice.below(corpus.size())];
            auto const from = dice.below(other.size() + 1);
            input.insert(at(), other.substr(from, some(from, other)));
            break;
        }
        default: {
            auto const& other = corpus[dice.below(corpus.size())];
            input = input.substr(0, at()) + other.substr(dice.below(other.size() + 1));
            break;
        }
    }
    input.resize(std::min(input.size(), longest_input));
}

void run(std::string const& input) {
    // In memory of exactly its size, so that a sanitizer sees a read beyond it.
    std::vector<std::uint8_t> const bytes(input.begin(), input.end());
    present = rastro::fuzz::text_of(bytes.data(), bytes.size());
    auto const start = std::clock();
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    auto const seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    rastro::fuzz::expect(seconds < longest_seconds, "an input takes no longer than two seconds");
    present = {};
}

std::vector<std::string> read_corpus(std::filesystem::path const& folder) {
    std::vector<std::filesystem::path> files;
    for (auto const& entry : std::filesystem::directory_iterator(folder)) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<std::string> corpus;
    for (auto const& path : files) {
        std::ifstream file(path, std::ios::binary);
        corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return corpus;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: fuzz_NAME CORPUS ROUNDS\n", stderr);
        return 2;
    }
    for (int const signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
        std::signal(signal, keep_input);
    }
    auto const corpus = read_corpus(argv[1]);
    auto const rounds = std::strtoul(argv[2], nullptr, 10);
    if (corpus.empty()) {
        std::fputs("the corpus is empty\n", stderr);
        return 1;
    }
    for (auto const& input : corpus) {
        run(input);
    }
    Dice dice;
    for (unsigned long round = 0; round < rounds; ++round) {
        auto input = corpus[dice.below(corpus.size())];
        for (auto changes = dice.below(4) + 1; changes > 0; --changes) {
            mutate(input, corpus, dice);
        }
        run(input);
    }
    std::printf("%zu stored inputs and %lu mutations: good\n", corpus.size(), rounds);
    return 0;
}

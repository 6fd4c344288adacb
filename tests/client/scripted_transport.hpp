// A server of which each test writes the replies down, and which keeps what it was asked.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "client/program.hpp"
#include "common/ids.hpp"

namespace rastro::test_support {

struct Script {
    std::deque<client::Exchange> replies;
    std::vector<client::HttpCall> calls;

    void reply(unsigned status, std::string body, std::string etag = {}) {
        client::HttpReply made;
        made.status = status;
        made.headers.emplace_back("content-type",
                                  status < 400 ? "application/json" : "application/problem+json");
        if (!etag.empty()) {
            made.headers.emplace_back("etag", std::move(etag));
        }
        made.body = std::move(body);
        replies.emplace_back(std::move(made));
    }
    void fault(client::TransportFault::Kind kind) {
        replies.emplace_back(client::TransportFault{kind, "scripted"});
    }
};

class ScriptedTransport final : public client::Transport {
 public:
    explicit ScriptedTransport(Script& script) : script_(script) {}
    client::Exchange exchange(client::HttpCall const& call) override {
        script_.calls.push_back(call);
        if (script_.replies.empty()) {
            return client::TransportFault{client::TransportFault::Kind::refused_tls,
                                          "the script has no further reply"};
        }
        auto next = std::move(script_.replies.front());
        script_.replies.pop_front();
        return next;
    }

 private:
    Script& script_;
};

inline std::string header_of(client::HttpCall const& call, std::string_view name) {
    for (auto const& [key, value] : call.headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

// Runs the whole program against a script, with a configuration folder of its own.
class ProgramRun {
 public:
    ProgramRun()
        : folder_(std::filesystem::temp_directory_path() /
                  ("rastro-client-" + Uuid::generate_v7().to_string())) {}
    ProgramRun(ProgramRun const&) = delete;
    ProgramRun& operator=(ProgramRun const&) = delete;
    ~ProgramRun() { std::filesystem::remove_all(folder_); }

    client::ExitCode run(std::vector<std::string> words) {
        out.clear();
        err.clear();
        static SystemClock const clock;
        client::Surroundings surroundings{
            .out = [this](std::string_view text) { out += text; },
            .err = [this](std::string_view text) { err += text; },
            .environment =
                [](char const* name) {
                    return std::string(
                        std::string_view(name) == "RASTRO_URL" ? "https://test.invalid" : "");
                },
            .sessions = client::SessionStore(folder_),
            .clock = &clock,
            .width = 0,
            .connect = [this](client::HttpSettings const&) -> std::unique_ptr<client::Transport> {
                return std::make_unique<ScriptedTransport>(script);
            },
        };
        return client::run_program(words, surroundings);
    }
    [[nodiscard]] std::filesystem::path const& folder() const noexcept { return folder_; }

    Script script;
    std::string out;
    std::string err;

 private:
    std::filesystem::path folder_;
};

}  // namespace rastro::test_support

// The requests of the classes as bytes on the wire.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rastro::bench {

// Class S: a complete routine request of about 1.5 kB to country XB, under a key of its own.
class SubmitRequests {
 public:
    SubmitRequests(std::uint16_t port, std::vector<std::string> tokens);
    void next(std::size_t connection, std::string& out);

 private:
    std::uint16_t port_;
    std::vector<std::string> tokens_;
    std::uint64_t count_ = 0;
};

// The case id in the answer to a submission; empty if there is none.
[[nodiscard]] std::string_view case_id_in(std::string_view body);

[[nodiscard]] std::string get_request(std::uint16_t port,
                                      std::string_view token,
                                      std::string_view path);

}  // namespace rastro::bench

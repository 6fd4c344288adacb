#include "client/credentials_output.hpp"

#include <boost/json/serialize.hpp>
#include <filesystem>
#include <system_error>

#include "certs/key_files.hpp"
#include "client/table.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

std::string text_of(std::vector<ShownCredentials> const& people) {
    std::string text;
    for (auto const& person : people) {
        Listing listing;
        listing.add("login", person.login);
        listing.add("password", person.password);
        listing.add("secret of one-time codes", person.totp_secret);
        listing.add("for an app", person.otpauth_uri);
        text += (text.empty() ? "" : "\n") + listing.text(0);
    }
    return text;
}

std::string json_of(std::vector<ShownCredentials> const& people) {
    json::array items;
    for (auto const& person : people) {
        items.push_back(json::object{
            {"login", person.login},
            {"first_password", person.password},
            {"totp",
             json::object{{"secret", person.totp_secret}, {"otpauth_uri", person.otpauth_uri}}}});
    }
    return json::serialize(json::object{{"items", std::move(items)}}) + "\n";
}

}  // namespace

std::vector<Option> credentials_options() {
    return {
        file(value("--credentials-file", "FILE", "Write the first credentials there, mode 0600")),
        folder(value("--credentials-dir",
                     "DIR",
                     "Write LOGIN.password and LOGIN.totp there, mode 0600, for scripts"))};
}

Result<ExitCode> hand_out_credentials(Context& context,
                                      std::vector<ShownCredentials> const& people) {
    bool const to_files = context.has("credentials-file") || context.has("credentials-dir");
    if (context.has("credentials-file")) {
        RASTRO_CHECK(write_new(
            context.text("credentials-file"), text_of(people), certs::FileAccess::owner_only));
    }
    if (context.has("credentials-dir")) {
        std::filesystem::path const folder = context.text("credentials-dir");
        std::error_code ignored;
        std::filesystem::create_directories(folder, ignored);
        for (auto const& person : people) {
            RASTRO_CHECK(write_new(folder / (person.login + ".password"),
                                   person.password + "\n",
                                   certs::FileAccess::owner_only));
            RASTRO_CHECK(write_new(folder / (person.login + ".totp"),
                                   person.totp_secret + "\n",
                                   certs::FileAccess::owner_only));
        }
    }
    if (!to_files) {
        context.out(context.json() ? json_of(people) : text_of(people));
    }
    context.note(to_files ? "First credentials are in the files named; nobody can see them again."
                          : "Nobody can see these credentials again.");
    return ExitCode::ok;
}

}  // namespace rastro::client

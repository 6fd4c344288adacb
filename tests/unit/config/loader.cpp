#include "config/loader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "common/digest.hpp"
#include "config/example.hpp"

using namespace rastro;
using namespace rastro::config;
using namespace std::chrono_literals;

namespace {

class Folder {
 public:
    Folder()
        : path_(std::filesystem::temp_directory_path() /
                ("rastro-config-" + to_hex(random_bytes(8)))) {
        std::filesystem::create_directories(path_ / "conf.d");
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;

    Path write(std::string const& name, std::string const& text) const {
        std::ofstream(path_ / name) << text;
        return path_ / name;
    }
    [[nodiscard]] Path path(std::string const& name) const { return path_ / name; }
    [[nodiscard]] Sources sources() const {
        Sources sources;
        sources.file = path_ / "rastro.toml";
        return sources;
    }

 private:
    Path path_;
};

std::vector<std::string> faults_of(Configuration const& configuration) {
    std::vector<std::string> texts;
    for (auto const& fault : configuration.faults) {
        texts.push_back(fault.to_string());
    }
    return texts;
}

std::string origin_of(Configuration const& configuration, std::string const& name) {
    for (auto const& row : configuration.shown) {
        if (row.name == name) {
            return row.origin;
        }
    }
    return "not shown";
}

// The fault of one line of TOML in an otherwise empty file, without its place.
std::string fault_of(std::string const& line) {
    Folder const folder;
    folder.write("rastro.toml", line + "\n");
    auto const configuration = load(folder.sources());
    REQUIRE(configuration.faults.size() == 1);
    CHECK(configuration.faults[0].where == folder.path("rastro.toml").string() + ":1");
    return configuration.faults[0].text;
}

}  // namespace

TEST_CASE("without any file the built-in values hold, with one listener") {
    Folder const folder;
    auto const configuration = load(folder.sources());
    CHECK(configuration.faults.empty());
    auto const& s = configuration.settings;
    CHECK(s == built_in_settings());
    CHECK(s.net.header_timeout == 15s);
    CHECK(s.net.max_header.bytes == 16384);
    CHECK(s.session.absolute == 12h);
    CHECK(s.password.memory_kib == 19456);
    CHECK(s.pool.lane_batch == 64);
    CHECK(s.tls.minimum_version == TlsVersion::v1_3);
    CHECK(sslmode_text(s.database.sslmode) == "prefer");
    REQUIRE(s.listeners.size() == 1);
    CHECK(s.listeners[0].port == 8443);
    CHECK(s.listeners[0].hosts == std::vector<std::string>{"localhost", "127.0.0.1"});
    CHECK(origin_of(configuration, "net.max_body") == "built-in");
}

TEST_CASE("each source overrides the ones before it, and the origin says which one won") {
    Folder const folder;
    auto const file =
        folder.write("rastro.toml",
                     "[net]\nmax_fields = 1001\nmax_body = \"2MiB\"\nkeep_alive = \"10s\"\n"
                     "header_timeout = \"1s\"\n"
                     "[server]\nid = \"from-file\"\n");
    folder.write("rastro.toml",
                 "[net]\nmax_fields = 50\nmax_body = \"2MiB\"\nkeep_alive = \"10s\"\n"
                 "header_timeout = \"1s\"\n[server]\nid = \"from-file\"\n");
    folder.write("conf.d/20-later.toml", "net.max_fields = 70\n");
    folder.write("conf.d/10-first.toml", "net.max_fields = 60\nnet.max_body = \"3MiB\"\n");
    folder.write("conf.d/ignored.txt", "nonsense");
    auto sources = folder.sources();
    sources.environment = {{"RASTRO_NET__KEEP_ALIVE", "20s"},
                           {"RASTRO_NET__HEADER_TIMEOUT", "2s"},
                           {"RASTRO_FAULT", "anything"},
                           {"PATH", "/bin"}};
    sources.overrides = {"net.header_timeout=3s"};
    auto const configuration = load(sources);
    CHECK(faults_of(configuration) == std::vector<std::string>{});
    auto const& s = configuration.settings;
    CHECK(s.server.id == "from-file");
    CHECK(s.net.max_body.bytes == 3U << 20);
    CHECK(s.net.max_fields == 70);
    CHECK(s.net.keep_alive == 20s);
    CHECK(s.net.header_timeout == 3s);
    CHECK(origin_of(configuration, "server.id") == file.string() + ":7");
    CHECK(origin_of(configuration, "net.max_body") ==
          folder.path("conf.d/10-first.toml").string() + ":2");
    CHECK(origin_of(configuration, "net.max_fields") ==
          folder.path("conf.d/20-later.toml").string() + ":1");
    CHECK(origin_of(configuration, "net.keep_alive") == "environment RASTRO_NET__KEEP_ALIVE");
    CHECK(origin_of(configuration, "net.header_timeout") == "--set net.header_timeout");
}

TEST_CASE("all faults of all sources are told together, each with its place") {
    Folder const folder;
    auto const file = folder.write("rastro.toml",
                                   "[net]\n"
                                   "max_boby = \"1MiB\"\n"
                                   "header_timeout = 15\n"
                                   "max_fields = 5\n"
                                   "[session]\n"
                                   "idle = \"30\"\n"
                                   "max_body = \"1MiB\"\n");
    auto const broken = folder.write("conf.d/broken.toml", "[net]\nkeep_alive = \n");
    auto sources = folder.sources();
    sources.environment = {{"RASTRO_POOL__WORKERS", "many"}};
    sources.overrides = {"log.level=loud", "nonsense", "net.max_body=9GiB"};
    auto const told = faults_of(load(sources));
    REQUIRE(told.size() == 10);
    CHECK(told[0] == file.string() + ":2: net.max_boby is no setting; did you mean net.max_body?");
    CHECK(told[1] ==
          file.string() +
              ":3: net.header_timeout must be a duration such as \"15s\" (ms, s, m, h, d), "
              "found the number 15");
    CHECK(told[2] == file.string() + ":4: net.max_fields must be between 10 and 1000");
    CHECK(told[3].starts_with(file.string() + ":6: session.idle must be a duration"));
    CHECK(told[4] ==
          file.string() + ":7: session.max_body is no setting; did you mean net.max_body?");
    CHECK(told[5].starts_with(broken.string() + ":2: "));
    CHECK(told[6] ==
          "environment RASTRO_POOL__WORKERS: pool.workers must be a whole number, found \"many\"");
    CHECK(told[7] ==
          "--set log.level: log.level must be one of \"debug\" \"info\" \"warning\" \"error\", "
          "found \"loud\"");
    CHECK(told[8] == "--set nonsense: must be key=value");
    CHECK(told[9] == "--set net.max_body: net.max_body must be between 1KiB and 1GiB");
}

TEST_CASE("every type refuses what is not of it") {
    struct Row {
        char const* line;
        char const* part;
    };
    for (auto const& [line, part] : {
             Row{"demo.enabled = \"true\"", "must be true or false, found \"true\""},
             Row{"demo.enabled = 1", "must be true or false"},
             Row{"pool.workers = \"3\"", "must be a whole number, found \"3\""},
             Row{"pool.workers = 3.5", "found a decimal fraction"},
             Row{"pool.workers = 0", "between 1 and 256"},
             Row{"database.port = 65536", "between 1 and 65535"},
             Row{"net.max_body = \"1MB\"", "must be a size"},
             Row{"net.max_body = \"99999999999GiB\"", "must be a size"},
             Row{"net.keep_alive = \"-5s\"", "must be a duration"},
             Row{"net.keep_alive = \"5 s\"", "must be a duration"},
             Row{"net.keep_alive = 2026-01-01", "found a date or time"},
             Row{"limits.per_actor = \"0/s\"", "must be a rate"},
             Row{"limits.per_actor = \"5/fortnight\"", "must be a rate"},
             Row{"tls.crl = [1, 2]", "must be a list of texts"},
             Row{"tls.crl = [\"\"]", "must not hold an empty text"},
             Row{"tls.minimum_version = \"1.1\"", "one of \"1.2\" \"1.3\""},
             Row{"server.id = \"Server One\"", "lower-case letters"},
             Row{"audit.origin = \"a+b\"", "printable ASCII"},
             Row{"database.host = \"a\\u0000b\"", "without NUL"},
             Row{"database.password = \"x\"", "is a secret"},
             Row{"listeners.0.prot = 1", "did you mean listeners.0.port?"},
             Row{"net = 5", "net is no setting"},
         }) {
        INFO(line);
        auto const text = fault_of(line);
        INFO(text);
        CHECK(text.find(part) != std::string::npos);
    }
}

TEST_CASE("listeners of a file replace the built-in one; the environment changes one of them") {
    Folder const folder;
    folder.write("rastro.toml",
                 "[[listeners]]\naddress = \"0.0.0.0\"\nport = 443\nhosts = [\"rastro.example\"]\n"
                 "[[listeners]]\nport = 9444\nkind = \"agency\"\n"
                 "[[listeners]]\nport = 9445\nkind = \"operations\"\nhosts = []\n");
    auto sources = folder.sources();
    sources.environment = {{"RASTRO_LISTENERS__1__HOSTS", "gw.example, gw2.example"}};
    sources.overrides = {"listeners.0.port=8443"};
    auto const configuration = load(sources);
    CHECK(faults_of(configuration) == std::vector<std::string>{});
    auto const& listeners = configuration.settings.listeners;
    REQUIRE(listeners.size() == 3);
    CHECK(listeners[0] ==
          ListenerSettings{"0.0.0.0", 8443, ListenerKind::browser, {"rastro.example"}});
    CHECK(listeners[1] ==
          ListenerSettings{"127.0.0.1", 9444, ListenerKind::agency, {"gw.example", "gw2.example"}});
    CHECK(listeners[2].kind == ListenerKind::operations);

    folder.write("conf.d/one.toml", "[[listeners]]\nport = 443\n");
    auto const replaced = load(sources);
    REQUIRE(replaced.settings.listeners.size() ==
            2);  // the file's, and the one the environment adds to
    CHECK(replaced.settings.listeners[0].address == "127.0.0.1");
    std::filesystem::remove(folder.path("conf.d/one.toml"));

    sources.overrides = {"listeners.5.port=1", "listeners.0.prot=1", "listeners.99.port=1"};
    auto const told = faults_of(load(sources));
    REQUIRE(told.size() == 4);
    CHECK(told[0] ==
          "--set listeners.0.prot: listeners.0.prot is no setting; did you mean listeners.0.port?");
    CHECK(told[1].starts_with("--set listeners.99.port: listeners.99.port is no setting"));
    CHECK(told[2] == "listeners: listener 3 is missing before a later one");
}

TEST_CASE("values that contradict each other are told where they were said") {
    Folder const folder;
    auto const file = folder.write("rastro.toml",
                                   "[session]\nidle = \"13h\"\n[tls]\nclient_ca = \"\"\n"
                                   "[[listeners]]\nkind = \"agency\"\n[[listeners]]\nhosts = []\n");
    auto const told = faults_of(load(folder.sources()));
    REQUIRE(told.size() == 4);
    CHECK(told[0] == file.string() + ":6: listeners.0.kind an agency listener needs tls.client_ca");
    CHECK(told[1] == "built-in: listeners.1.port another listener has the same address and port");
    CHECK(told[2] == file.string() + ":8: listeners.1.hosts at least one host name is needed");
    CHECK(told[3] == file.string() + ":2: session.idle must not be longer than session.absolute");

    folder.write("rastro.toml", "listeners = []\n");
    CHECK(faults_of(load(folder.sources())) ==
          std::vector<std::string>{"built-in: listeners at least one listener is needed"});
}

TEST_CASE("relative paths start at the folder of their file, and a named file must exist") {
    Folder const folder;
    auto const file = folder.write(
        "rastro.toml",
        "[tls]\nkey = \"tls/../server.key\"\ncertificate = \"/abs.pem\"\ncrl = [\"a.crl\"]\n");
    auto const& tls = load(folder.sources()).settings.tls;
    CHECK(tls.key == file.parent_path() / "server.key");
    CHECK(tls.certificate == "/abs.pem");
    CHECK(tls.crl == std::vector<Path>{file.parent_path() / "a.crl"});

    auto sources = system_sources(folder.path("other.toml"), {});
    sources.environment.clear();
    CHECK(faults_of(load(sources)) ==
          std::vector<std::string>{folder.path("other.toml").string() + ": there is no such file"});
    sources.file = folder.path("conf.d");
    CHECK(faults_of(load(sources)) ==
          std::vector<std::string>{folder.path("conf.d").string() + ": the file cannot be read"});
}

TEST_CASE("a secret is taken from the environment only and never shown") {
    Folder const folder;
    auto sources = folder.sources();
    sources.environment = {{"RASTRO_DATABASE__PASSWORD", "correct horse"}};
    auto const configuration = load(sources);
    CHECK(configuration.faults.empty());
    CHECK(database_password(configuration.settings.database).value() == "correct horse");
    auto const text = shown_text(configuration.shown, true);
    CHECK(text.find("correct") == std::string::npos);
    CHECK(text.find("database.password = \"***\"") != std::string::npos);
    CHECK(text.find("# environment RASTRO_DATABASE__PASSWORD") != std::string::npos);

    sources.environment.clear();
    sources.overrides = {"database.password=x"};
    CHECK(load(sources).faults.at(0).text.find("is a secret") != std::string::npos);
}

TEST_CASE("the password file is read if only its owner can read it") {
    Folder const folder;
    DatabaseSettings database;
    CHECK(database_password(database).value().empty());
    database.password_file = folder.path("password");
    CHECK(database_password(database).error().code() == ProblemCode::not_found);
    folder.write("password", "correct horse\n");
    std::filesystem::permissions(database.password_file, std::filesystem::perms(0640));
    CHECK(database_password(database).error().code() == ProblemCode::forbidden);
    std::filesystem::permissions(database.password_file, std::filesystem::perms(0600));
    CHECK(database_password(database).value() == "correct horse");
    folder.write("password", "\n");
    CHECK(database_password(database).error().code() == ProblemCode::validation_failed);
}

#include "certs/key_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "common/digest.hpp"
#include "common/text.hpp"

namespace rastro::certs {

namespace {

class Descriptor {
 public:
    explicit Descriptor(int number) noexcept : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    [[nodiscard]] int get() const noexcept { return number_; }

 private:
    int number_;
};

[[noreturn]] void fail(std::string_view step, std::filesystem::path const& path) {
    throw std::system_error(
        errno, std::generic_category(), std::string(step) + " " + path.string());
}

std::filesystem::path folder_of(std::filesystem::path const& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

void sync_folder_of(std::filesystem::path const& path) {
    auto const folder = folder_of(path);
    Descriptor const descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.get() < 0 || ::fsync(descriptor.get()) != 0) {
        fail("sync folder", folder);
    }
}

// Returns the name of a complete, synced file in the folder of `path`.
std::filesystem::path write_beside(std::filesystem::path const& path,
                                   std::string_view text,
                                   FileAccess access) {
    auto beside = path;
    beside += "." + to_hex(random_bytes(6)) + ".new";
    auto const mode = static_cast<mode_t>(access);
    Descriptor const file(
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
    if (file.get() < 0) {
        fail("create", beside);
    }
    auto const abandon = [&](std::string_view step) {
        int const reason = errno;
        ::unlink(beside.c_str());
        errno = reason;
        fail(step, beside);
    };
    if (::fchmod(file.get(), mode) != 0) {  // whatever the umask is
        abandon("set mode");
    }
    while (!text.empty()) {
        auto const written = ::write(file.get(), text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            abandon("write");
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file.get()) != 0) {
        abandon("sync");
    }
    return beside;
}

Outcome<std::string> read_checked(std::filesystem::path const& path,
                                  std::size_t limit,
                                  bool must_be_secret) {
    Descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) {
        if (errno == ENOENT || errno == ENOTDIR) {
            return Problem(ProblemCode::not_found, "no file " + path.string());
        }
        fail("open", path);
    }
    struct stat state {};
    if (::fstat(file.get(), &state) != 0) {
        fail("look at", path);
    }
    if (!S_ISREG(state.st_mode)) {
        return Problem(ProblemCode::validation_failed, "no regular file: " + path.string());
    }
    if (must_be_secret && (state.st_mode & 077U) != 0) {
        return Problem(ProblemCode::forbidden,
                       "others may read " + path.string() + "; its mode must be 0600 or 0400");
    }
    std::string text;
    std::string block(16384, '\0');
    for (;;) {
        auto const count = ::read(file.get(), block.data(), block.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            fail("read", path);
        }
        if (count == 0) {
            return text;
        }
        text.append(block, 0, static_cast<std::size_t>(count));
        if (text.size() > limit) {
            return Problem(ProblemCode::validation_failed, "file too long: " + path.string());
        }
    }
}

}  // namespace

Outcome<std::string> read_file(std::filesystem::path const& path, std::size_t limit) {
    return read_checked(path, limit, false);
}

Outcome<std::string> read_secret_file(std::filesystem::path const& path) {
    return read_checked(path, 1U << 20, true);
}

void write_file(std::filesystem::path const& path, std::string_view text, FileAccess access) {
    auto const beside = write_beside(path, text, access);
    if (::rename(beside.c_str(), path.c_str()) != 0) {
        int const reason = errno;
        ::unlink(beside.c_str());
        errno = reason;
        fail("rename to", path);
    }
    sync_folder_of(path);
}

Outcome<void> create_file(std::filesystem::path const& path,
                          std::string_view text,
                          FileAccess access) {
    auto const beside = write_beside(path, text, access);
    int const linked = ::link(beside.c_str(), path.c_str());  // unlike rename, never replaces
    int const reason = errno;
    ::unlink(beside.c_str());
    if (linked != 0) {
        if (reason == EEXIST) {
            return Problem(ProblemCode::conflict, "exists already: " + path.string());
        }
        errno = reason;
        fail("create", path);
    }
    sync_folder_of(path);
    return boost::system::in_place_value;
}

}  // namespace rastro::certs

#include "server/handlers/make_cache.hpp"

namespace rastro::server {

std::shared_ptr<cases::MakeCatalogue const> MakeCache::current(storage::UnitOfWork& unit) {
    storage::CatalogueRepo repo(unit);
    auto const version = repo.version();
    {
        std::scoped_lock const lock(mutex_);
        if (makes_ != nullptr && version_ == version) {
            return makes_;
        }
    }
    // Loaded after its version was read: if the catalogue changes in between, the next caller finds
    // another version and loads again.
    auto loaded = std::make_shared<cases::MakeCatalogue const>(repo.load());
    std::scoped_lock const lock(mutex_);
    version_ = version;
    makes_ = loaded;
    return loaded;
}

}  // namespace rastro::server

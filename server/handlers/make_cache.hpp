// The catalogue of makers as this process holds it: read when it is first needed and again when the
// stored one has changed. Thread-safe.
#pragma once

#include <memory>
#include <mutex>

#include "cases/trace/catalogue.hpp"
#include "storage/catalogue_repo.hpp"

namespace rastro::server {

class MakeCache {
 public:
    // As it stands for this unit of work; costs one small query when nothing has changed.
    [[nodiscard]] std::shared_ptr<cases::MakeCatalogue const> current(storage::UnitOfWork& unit);

 private:
    std::mutex mutex_;
    storage::CatalogueVersion version_;
    std::shared_ptr<cases::MakeCatalogue const> makes_;
};

}  // namespace rastro::server

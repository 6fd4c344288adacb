#include "server/web_assets.hpp"

namespace rastro::server {

std::span<WebAsset const> web_assets() noexcept {
    return {};
}

}  // namespace rastro::server

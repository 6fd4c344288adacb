// The table of server/web_assets.hpp as assembly (the bytes, by .incbin) and C++ (the rows).

const symbol = (index, variant) => `rastro_web_${index}_${variant}`

export function assembly(assets) {
  const lines = ['.section .rodata']
  assets.forEach((asset, index) => {
    for (const [variant, path] of Object.entries(asset.files)) {
      const name = symbol(index, variant)
      lines.push('.balign 16', `.global ${name}`, `${name}:`, `.incbin ${JSON.stringify(path)}`)
    }
  })
  return [...lines, '.section .note.GNU-stack,"",%progbits', ''].join('\n')
}

export function table(assets) {
  const view = (asset, index, variant) =>
    asset.files[variant] ? `{${symbol(index, variant)}, ${asset.variants[variant].length}}` : '{}'
  const names = assets.flatMap((asset, index) => Object.keys(asset.files).map((variant) => symbol(index, variant)))
  return `#include <array>

#include "server/web_assets.hpp"

extern "C" {
${names.map((name) => `extern const char ${name}[];`).join('\n')}
}

namespace rastro::server {

std::span<WebAsset const> web_assets() noexcept {
    static std::array<WebAsset, ${assets.length}> const table{{
${assets
  .map(
    (asset, index) =>
      `        {${JSON.stringify(asset.path)}, ${JSON.stringify(asset.type)}, "\\"${asset.etag}\\"", ` +
      `${asset.immutable}, ${['plain', 'brotli', 'gzip'].map((v) => view(asset, index, v)).join(', ')}},`,
  )
  .join('\n')}
    }};
    return table;
}

}  // namespace rastro::server
`
}

// Builds the client into files that rastrod embeds:
//   node build.mjs --out FOLDER [--report]
// writes FOLDER/dist (what is served, with .br and .gz beside each file), FOLDER/web_assets.S and
// FOLDER/web_assets.cpp (the table of server/web_assets.hpp), FOLDER/sizes.json (what the budget
// test reads). Works on Node 18 and later; nothing is fetched.
import * as esbuild from 'esbuild'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogs } from './catalogs.mjs'
import { assembly, table } from './embed.mjs'

const WEB = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const out = resolve(process.argv[process.argv.indexOf('--out') + 1] ?? '')
if (!process.argv.includes('--out')) throw new Error('usage: build.mjs --out FOLDER')

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
}

const built = await esbuild.build({
  absWorkingDir: WEB,
  entryPoints: { main: 'src/main.tsx', app: 'src/styles/app.css', icon: 'src/icon.svg' },
  outdir: join(out, 'dist/assets'),
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['es2020', 'chrome100', 'firefox100', 'safari15'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  loader: { '.svg': 'copy' },
  metafile: true,
  write: false,
  logLevel: 'warning',
  plugins: [catalogs(WEB)],
})

const files = built.outputFiles.map((file) => ({
  path: '/assets/' + basename(file.path),
  content: Buffer.from(file.contents),
}))
const named = (pattern) => files.find((file) => pattern.test(file.path)).path
const main = named(/\/main-[A-Z0-9]+\.js$/)
// What the first page needs beside the entry itself: its static imports, fetched at the same time.
const entry = Object.entries(built.metafile.outputs).find(([path]) => path.endsWith(basename(main)))[1]
const preload = entry.imports.filter((i) => i.kind === 'import-statement').map((i) => '/assets/' + basename(i.path))
const page = readFileSync(join(WEB, 'src/index.html'), 'utf8')
  .replace('{{icon}}', named(/\/icon-[A-Z0-9]+\.svg$/))
  .replace('{{style}}', named(/\/app-[A-Z0-9]+\.css$/))
  .replace('{{main}}', main)
  .replace('{{preload}}', preload.map((path) => `<link rel="modulepreload" href="${path}">`).join(''))
files.push({ path: '/index.html', content: Buffer.from(page) })
files.push({ path: '/robots.txt', content: Buffer.from('User-agent: *\nDisallow: /\n') })

const smaller = (packed, content) => (packed.length < content.length ? packed : null)
rmSync(join(out, 'dist'), { recursive: true, force: true })
const assets = files
  .map((file) => ({
    path: file.path,
    type: TYPES[extname(file.path)],
    etag: createHash('sha256').update(file.content).digest('hex').slice(0, 16),
    immutable: file.path.startsWith('/assets/'),
    variants: {
      plain: file.content,
      brotli: smaller(
        brotliCompressSync(file.content, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: file.content.length },
        }),
        file.content,
      ),
      gzip: smaller(gzipSync(file.content, { level: 9 }), file.content),
    },
  }))
  .sort((a, b) => (a.path < b.path ? -1 : 1))

for (const asset of assets) {
  const base = join(out, 'dist', asset.path)
  mkdirSync(dirname(base), { recursive: true })
  asset.files = {}
  for (const [variant, suffix] of [['plain', ''], ['brotli', '.br'], ['gzip', '.gz']]) {
    if (!asset.variants[variant]) continue
    asset.files[variant] = base + suffix
    writeFileSync(base + suffix, asset.variants[variant])
  }
}
writeFileSync(join(out, 'web_assets.S'), assembly(assets))
writeFileSync(join(out, 'web_assets.cpp'), table(assets))

const first = new Set([main, ...preload])
const sizes = assets.map((asset) => ({
  path: asset.path,
  bytes: asset.variants.plain.length,
  brotli: (asset.variants.brotli ?? asset.variants.plain).length,
  first: first.has(asset.path) || extname(asset.path) === '.css',
}))
writeFileSync(join(out, 'sizes.json'), JSON.stringify(sizes, null, 1) + '\n')
if (process.argv.includes('--report')) {
  for (const size of sizes) console.log(`${size.first ? '*' : ' '} ${String(size.brotli).padStart(7)} ${size.path}`)
}

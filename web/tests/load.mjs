// A module of the client as node can import it: bundled as for the browser, with the catalogs.
import * as esbuild from 'esbuild'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogs } from '../build/catalogs.mjs'

const WEB = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** load('csv', 'format'): the exports of src/lib/csv.ts and src/lib/format.ts, which share one store of each kind. */
export async function load(...names) {
  const built = await esbuild.build({
    absWorkingDir: WEB,
    stdin: { contents: names.map((name) => `export * from './src/lib/${name}'`).join('\n'), resolveDir: WEB },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    write: false,
    logLevel: 'warning',
    plugins: [catalogs(WEB)],
  })
  return import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].contents).toString('base64')}`)
}

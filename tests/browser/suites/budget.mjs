// How much is fetched before anything can be read, and what the page may do: measured, printed, held.
import { readFileSync } from 'node:fs'
import { expect, open, origin, run, step, told } from '../lib/browser.mjs'

const KB = 1000
const BUDGET = { script: 60 * KB, style: 15 * KB, chunk: 30 * KB }

await run('budget: first load, later chunks, headers', async () => {
  const sizes = JSON.parse(readFileSync(`${told.web}/sizes.json`, 'utf8'))
  const page = await open(null)
  const loaded = []
  page.on('response', async (response) => {
    const size = await response.request().sizes().catch(() => null)
    loaded.push({ path: new URL(response.url()).pathname, encoding: response.headers()['content-encoding'], bytes: size?.responseBodySize ?? 0, headers: response.headers() })
  })
  await page.goto(origin + '/')
  await page.getByRole('button', { name: 'Accept and sign in' }).waitFor()
  await page.waitForTimeout(300)
  const of = (suffix) => loaded.filter((one) => one.path.endsWith(suffix))
  const sum = (list) => list.reduce((total, one) => total + one.bytes, 0)
  const script = sum(of('.js'))
  const style = sum(of('.css'))
  step(`first page: ${(script / KB).toFixed(1)} kB script (at most ${BUDGET.script / KB}), ${(style / KB).toFixed(1)} kB style (at most ${BUDGET.style / KB}), ${loaded.length} answers`)
  expect(script > 5 * KB && script <= BUDGET.script, `script of the first page within ${BUDGET.script}, is ${script}`)
  expect(style > KB && style <= BUDGET.style, `style within ${BUDGET.style}, is ${style}`)
  for (const one of [...of('.js'), ...of('.css')]) expect(one.encoding === 'br' || one.bytes < 400, `${one.path} comes compressed`)
  const later = sizes.filter((one) => !one.first && one.path.endsWith('.js'))
  const largest = later.reduce((a, b) => (a.brotli > b.brotli ? a : b))
  step(`${later.length} later chunks, largest ${(largest.brotli / KB).toFixed(1)} kB (at most ${BUDGET.chunk / KB})`)
  for (const one of later) expect(one.brotli <= BUDGET.chunk, `${one.path} within ${BUDGET.chunk}, is ${one.brotli}`)

  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0)
  step(`first contentful paint ${paint.toFixed(0)} ms`)

  const [document] = loaded.filter((one) => one.path === '/')
  const policy = document.headers['content-security-policy']
  for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "require-trusted-types-for 'script'", "trusted-types 'none'", "frame-ancestors 'none'"]) {
    expect(policy.includes(part), `the policy says ${part}`)
  }
  expect(!/unsafe|data:|https?:/.test(policy), 'the policy allows nothing inline and no other host')
  expect(document.headers['cache-control'] === 'no-cache', 'the page itself is asked for again')
  for (const name of ['strict-transport-security', 'x-content-type-options', 'referrer-policy', 'cross-origin-opener-policy', 'permissions-policy']) {
    expect(document.headers[name], `the page has ${name}`)
  }
  expect(of('.js').every((one) => one.headers['cache-control'].includes('immutable')), 'files with hashed names are kept')
  const html = await (await page.request.get(origin + '/')).text()
  expect(!/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/.test(html), 'nothing inline in the page')
  step('policy, headers, caching, compression')

  // On purpose, in a window whose complaints are not faults.
  const other = await open(null, { ignore: /TrustedHTML|trusted-types/ })
  await other.goto(origin + '/')
  const blocked = await other.evaluate(() => {
    try {
      document.body.innerHTML = '<b>x</b>'
      return false
    } catch {
      return true
    }
  })
  expect(blocked, 'markup from a string is refused by Trusted Types')
  step('Trusted Types refuse markup from strings')
})

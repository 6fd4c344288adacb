// What every suite needs: a browser that tolerates nothing (no request to another host, no violation of the
// policy, no error on the console), people who sign in, and a plain way to say what is expected.
import { readFileSync } from 'node:fs'
import { createHmac } from 'node:crypto'
import { createRequire } from 'node:module'

const require = createRequire(new URL('../../../web/package.json', import.meta.url))
const { chromium } = require('playwright-core')
export const axePath = require.resolve('axe-core/axe.min.js')

export const told = JSON.parse(readFileSync(process.argv[2], 'utf8'))
export const origin = told.origin
const faults = []
const started = Date.now()

export function step(text) {
  console.log(`  ${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s  ${text}`)
}
export function expect(condition, text) {
  if (!condition) throw new Error(`expected: ${text}`)
}
/** Noted now, told at the end: one run shows every fault of its kind. */
export function note(text) {
  faults.push(text)
}

// What each page has asked for and not yet got.
const onTheWay = new WeakMap()

let browser
export async function launch() {
  browser = await chromium.launch({
    executablePath: process.env.RASTRO_TEST_CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: false,
    args: ['--disable-dev-shm-usage', '--disable-gpu'],
  })
  return browser
}

export function totp(secret, step = Math.floor(Date.now() / 30_000)) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeUInt32BE(step, 4)
  const mac = createHmac('sha1', key).update(counter).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** A window of its own; `who` with the session that the tests have made already, or nobody. */
export async function open(who, { language = 'en', width = 1280, height = 900, dark = false, expected = [], ignore } = {}) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width, height },
    locale: language,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(30_000)
  await context.addInitScript((chosen) => {
    if (!localStorage.getItem('rastro.language')) localStorage.setItem('rastro.language', chosen)
  }, language)
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
    )
  })
  if (who) {
    await context.addCookies([{ name: '__Host-rastro', value: told.people[who].token, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' }])
  }
  const page = await context.newPage()
  const name = who ?? 'nobody'
  const underWay = new Set()
  onTheWay.set(page, underWay)
  page.on('requestfinished', (request) => underWay.delete(request))
  page.on('requestfailed', (request) => underWay.delete(request))
  page.on('request', (request) => {
    underWay.add(request)
    const url = request.url()
    if (!url.startsWith(origin) && !url.startsWith('blob:') && !url.startsWith(origin.replace('https', 'wss'))) note(`${name}: request to ${url}`)
  })
  page.on('pageerror', (error) => note(`${name}: ${page.url()}: ${error.stack ?? error}`))
  page.on('console', (message) => {
    if (message.type() !== 'error') return
    // The browser itself reports every answer above 399; those that a step expects are named by it.
    const status = /the server responded with a status of (\d+)/.exec(message.text())?.[1]
    if (status && [...expected, ...(who ? [] : ['401'])].includes(status)) return
    if (ignore?.test(message.text())) return
    note(`${name}: ${page.url()}: console: ${message.text()} ${message.location().url}`)
  })
  return page
}

/** Until nothing has been under way for a moment: what a screen loads has arrived and is drawn. */
export async function settled(page) {
  for (let quiet = 0, waited = 0; quiet < 3 && waited < 600; waited++) {
    await page.waitForTimeout(50)
    quiet = onTheWay.get(page).size ? 0 : quiet + 1
  }
}

/** By typing, with a code that was not used before: codes count once, and the step before is in use already. */
export async function signIn(page, who) {
  const person = told.people[who]
  await page.goto(origin + '/')
  await page.locator('.field').getByLabel(/^Login/).fill(person.login)
  await page.locator('.field').getByLabel(/^Password/).fill(person.password)
  await page.locator('.field').getByLabel(/^One-time code/).fill(totp(person.secret, Math.floor(Date.now() / 30_000) + 1))
  await page.getByRole('button', { name: 'Accept and sign in' }).click()
  await page.locator('.who').waitFor()
}

/** Nothing of WCAG 2.2 A and AA, nor of best practice, is broken as far as a program can see. */
export async function accessible(page, what, { contrast = true } = {}) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(readFileSync(axePath, 'utf8'))
  const result = await page.evaluate(
    (contrast) =>
      window.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        rules: { 'color-contrast': { enabled: contrast } },
        resultTypes: ['violations'],
      }),
    contrast,
  )
  for (const violation of result.violations) {
    note(`${what}: ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`)
  }
  return result.passes.length
}

export async function run(title, suite) {
  console.log(`\n${title}`)
  await launch()
  let failure
  try {
    await suite()
  } catch (error) {
    failure = error
    for (const context of browser.contexts()) {
      for (const [i, page] of context.pages().entries()) {
        await page.screenshot({ path: `${told.screens}/failed-${i}.png`, fullPage: true }).catch(() => undefined)
        console.error(`-- ${page.url()}\n${await page.locator('main').innerText().catch(() => '')}`.slice(0, 3000))
      }
    }
  }
  await browser.close()
  for (const fault of faults) console.error(`FAULT ${fault}`)
  if (failure) console.error(failure.stack)
  process.exit(failure || faults.length ? 1 : 0)
}

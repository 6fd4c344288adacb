// Every screen in four languages: axe, the language of the page, no word that is a key, nothing wider than the
// window down to 320 px (400 % of 1280), targets of 24 px; the layout at 360, 1024 and 1600 px, light and dark, with pictures if RASTRO_TEST_SCREENS
// names a folder for them.
import { mkdirSync } from 'node:fs'
import { accessible, expect, note, open, origin, run, settled, step, told } from '../lib/browser.mjs'

const { cases, linked } = told
const SCREENS = [
  { name: 'sign-in', who: null, path: '/' },
  { name: 'queue', who: 'officer', path: '/?tab=agency', ready: 'tbody tr' },
  { name: 'queue-asked', who: 'analyst', path: '/', ready: 'tbody tr' },
  { name: 'new-request', who: 'officer', path: '/requests/new', ready: '.tasks' },
  { name: 'section', who: 'officer', path: `/requests/${cases.draft.case}/edit?section=marks`, ready: 'form .field' },
  { name: 'check', who: 'officer', path: `/requests/${cases.draft.case}/edit?section=check`, ready: '.summary' },
  { name: 'request', who: 'officer', path: `/requests/${cases.answered.case}`, ready: '.chain-node' },
  { name: 'clarification', who: 'officer', path: `/requests/${cases.asked.case}`, ready: '.composer' },
  { name: 'leg', who: 'analyst', path: `/legs/${cases.searching.leg}`, ready: '.identity' },
  { name: 'release', who: 'chief', path: `/legs/${cases.held.leg}`, ready: '.chain-node' },
  { name: 'answer', who: 'analyst', path: `/legs/${cases.searching.leg}/answer`, ready: 'form .field' },
  { name: 'search', who: 'officer', path: `/search?serial=${cases.alike.serial}&make=North%20Arms&weak=1`, ready: 'tbody tr' },
  { name: 'search-faults', who: 'officer', path: '/search?serial=K*', ready: '.summary-box' },
  { name: 'search-details', who: 'officer', path: '/search?by=details&asked_country=XB', ready: 'tbody tr' },
  { name: 'matches', who: 'officer', path: '/matches?tab=open', ready: 'tbody tr' },
  { name: 'matches-empty', who: 'officer', path: '/matches?tab=rejected', ready: '[role=status]' },
  { name: 'cases', who: 'investigator', path: '/cases', ready: 'tbody tr' },
  { name: 'cases-empty', who: 'investigator', path: '/cases?type=judgment&number=XA-2020-0000000-0', ready: '.empty' },
  { name: 'case', who: 'investigator', path: `/cases/${linked.case}`, ready: '.link-graph' },
  { name: 'case-new', who: 'investigator', path: '/cases/new?type=tip_case', ready: 'form .field' },
  { name: 'randot', who: 'contact', path: '/randot', ready: '.figures-table' },
  { name: 'import', who: 'records', path: '/import', ready: '.drop' },
  { name: 'notifications', who: 'officer', path: '/notifications', ready: '.feed li' },
  { name: 'contact', who: 'contact', path: '/contact', ready: '.figures' },
  { name: 'routes', who: 'contact', path: '/contact?tab=routes', ready: 'tbody tr' },
  { name: 'audit', who: 'auditor', path: '/audit', ready: 'tbody tr' },
  { name: 'access', who: 'auditor', path: '/access', ready: 'tbody tr' },
  { name: 'admin', who: 'admin', path: '/admin', ready: 'tbody tr' },
  { name: 'grants', who: 'admin', path: '/admin?tab=grants', ready: '.page' },
  { name: 'account', who: 'officer', path: '/account', ready: '.plain-list li' },
  { name: 'help', who: 'officer', path: '/help', ready: '.help-list' },
  { name: 'api', who: null, path: '/docs/api', ready: '.operation' },
  { name: 'no-right', who: 'analyst', path: '/admin', ready: 'h1' },
]
const LANGUAGES = ['en', 'es', 'pt', 'fr']
const WIDTHS = [360, 1024, 1600]

/** What a program can see of a layout that is broken. */
const looks = (page) =>
  page.evaluate(() => {
    const found = []
    if (document.documentElement.scrollWidth > window.innerWidth + 1) {
      const wide = [...document.querySelectorAll('body *')].find((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && !one.closest('.scroll, pre'))
      found.push(`wider than the window by ${document.documentElement.scrollWidth - window.innerWidth} px: ${wide?.outerHTML.slice(0, 120)}`)
    }
    // Codes are shown beside words, as codes.
    const codes = [...document.querySelectorAll('code')].map((one) => one.innerText)
    const text = codes.reduce((rest, code) => rest.replace(code, ''), document.body.innerText)
    const keys = text.match(/\b(?:state|nav|form|field|step|event|case|flag|queue|role|stateOf|admin|audit|linked|randot|report)\.[a-zA-Z_]+\b/g)
    if (keys) found.push(`keys instead of words: ${[...new Set(keys)].join(', ')}`)
    return found
  })

async function show(page, screen) {
  await page.goto(origin + screen.path)
  await page.locator(screen.ready ?? '#sign-in-go').first().waitFor()
  await settled(page)
}

await run('screens: four languages, three widths, light and dark', async () => {
  mkdirSync(told.screens, { recursive: true })
  const options = { expected: ['403', '404', '422'] }
  let checked = 0
  for (const language of LANGUAGES) {
    const pages = new Map()
    for (const screen of SCREENS) {
      const key = String(screen.who)
      if (!pages.has(key)) pages.set(key, await open(screen.who, { ...options, language, width: 1280 }))
      const page = pages.get(key)
      await show(page, screen)
      const what = `${screen.name} (${language})`
      expect((await page.evaluate(() => document.documentElement.lang)) === language, `${what}: the page says its language`)
      // Colours are the same in every language.
      checked += (await accessible(page, what, { contrast: language === 'en' })) > 0 ? 1 : 0
      // 400 % of a window of 1280 px
      await page.setViewportSize({ width: 320, height: 800 })
      for (const fault of await looks(page)) note(`${what} at 320 px: ${fault}`)
      await page.setViewportSize({ width: 1280, height: 900 })
    }
    for (const page of pages.values()) await page.context().close()
    step(`${language}: ${SCREENS.length} screens`)
  }
  step(`${checked} screens looked at with axe`)
  for (const dark of [false, true]) {
    const pages = new Map()
    for (const screen of SCREENS) {
      const key = String(screen.who)
      if (!pages.has(key)) pages.set(key, await open(screen.who, { ...options, dark }))
      const page = pages.get(key)
      await show(page, screen)
      if (dark) await accessible(page, `${screen.name} (dark)`)
      for (const width of dark ? [1600] : WIDTHS) {
        await page.setViewportSize({ width, height: 900 })
        for (const fault of await looks(page)) note(`${screen.name} at ${width} px: ${fault}`)
        if (told.pictures) await page.screenshot({ path: `${told.screens}/${screen.name}-${width}${dark ? '-dark' : ''}.png`, fullPage: true })
      }
    }
    for (const page of pages.values()) await page.context().close()
  }
  step(`layout of ${SCREENS.length} screens at ${WIDTHS.join(', ')} px and dark${told.pictures ? `, pictures in ${told.screens}` : ''}`)
})

// Nothing typed is lost: drafts, ended sessions, a version that somebody else changed, a line that breaks.
// And who may not, is told so; keys can be switched off; the sign-in page of a demonstration offers its people.
import { expect, open, origin, run, step, told, totp } from '../lib/browser.mjs'

/** A call beside the page, with the same session. */
const beside = (page, method, path, body, headers = {}) =>
  page.request.fetch(origin + path, {
    method,
    data: body,
    headers: { 'rastro-csrf': '1', 'idempotency-key': `t${Math.random()}`, ...headers },
  })

await run('safety: nothing is lost, nothing is shown that must not be', async () => {
  const draft = told.cases.draft.case

  // Autosave, and the page loaded again.
  const officer = await open('officer', { expected: ['401', '412', '422'], ignore: /ERR_INTERNET_DISCONNECTED/ })
  await officer.goto(`${origin}/requests/${draft}/edit?section=firearm`)
  await officer.locator('.field').getByLabel('Model', { exact: false }).fill('N17 Compact')
  await officer.getByText(/^Saved /).waitFor()
  await officer.reload()
  expect((await officer.locator('.field').getByLabel('Model', { exact: false }).inputValue()) === 'N17 Compact', 'what was typed is there after loading again')
  step('a draft is saved while it is typed')

  // Somebody else changes the same field, and another one.
  const now = await beside(officer, 'GET', `/v1/trace-requests/${draft}`)
  const version = (await now.json()).version
  const other = await beside(officer, 'PATCH', `/v1/trace-requests/${draft}`, { firearm: { model_text: 'N17 Long' }, unit: 'Unit 9' }, { 'if-match': `"${version}"`, 'content-type': 'application/merge-patch+json' })
  expect(other.ok(), `the change beside the page is taken: ${other.status()}`)
  await officer.locator('.field').getByLabel('Model', { exact: false }).fill('N17 Mini')
  const merge = officer.getByRole('dialog', { name: 'Somebody else changed this request' })
  await merge.waitFor()
  expect((await merge.innerText()).includes('N17 Long') && (await merge.innerText()).includes('N17 Mini'), 'both values are shown')
  await merge.getByRole('button', { name: 'Keep this' }).click()
  await officer.getByText(/^Saved /).waitFor()
  await officer.waitForTimeout(1800)
  const merged = await (await beside(officer, 'GET', `/v1/trace-requests/${draft}`)).json()
  expect(merged.content.firearm.model_text === 'N17 Mini' && merged.content.unit === 'Unit 9', 'own value kept, the other change too')
  step('a stale version shows the merge screen; both changes survive')

  // Faults of fields, in the reader's language, from the server.
  await officer.goto(`${origin}/requests/${draft}/edit?section=purpose`)
  await officer.locator('.field').getByLabel('Legal basis', { exact: false }).fill('')
  await officer.getByText(/^Saved /).waitFor()
  await officer.goto(`${origin}/requests/${draft}/edit?section=check`)
  await officer.getByRole('button', { name: 'Send request' }).click()
  const summary = officer.getByRole('alert')
  await summary.getByRole('link', { name: /Legal basis/ }).waitFor()
  expect(await officer.evaluate(() => document.activeElement?.getAttribute('role') === 'alert'), 'the summary of faults has the focus')
  await officer.goto(`${origin}/requests/${draft}/edit?section=purpose`)
  await officer.locator('.field').getByLabel('Legal basis', { exact: false }).fill('Code art. 12')
  await officer.getByText(/^Saved /).waitFor()
  step('faults name their fields and take the focus')

  // The line breaks: kept, then sent.
  await officer.context().setOffline(true)
  await officer.locator('.field').getByLabel('What the answer is wanted for').fill('kept while offline')
  await officer.getByText(/Not connected/).waitFor({ timeout: 20_000 })
  await officer.context().setOffline(false)
  await officer.locator('.field').getByLabel('What the answer is wanted for').fill('kept while offline, sent after')
  await officer.getByText(/^Saved /).waitFor({ timeout: 20_000 })
  step('without a line the text stays, and goes out when the line is back')

  // The session ends while a message is written.
  const person = told.people.chief
  const session = await officer.request.post(origin + '/v1/sessions', { data: { login: person.login, password: person.password, totp: totp(person.secret, Math.floor(Date.now() / 30_000) + 1), accept_use_banner: true }, headers: { 'rastro-csrf': '1', cookie: '' } })
  expect(session.ok(), `a session of its own for the supervisor: ${session.status()}`)
  const token = (await session.json()).token
  const chief = await open(null, { expected: ['401', '403'], ignore: /WebSocket/ })
  await chief.context().addCookies([{ name: '__Host-rastro', value: token, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' }])
  await chief.goto(`${origin}/legs/${told.cases.searching.leg}`)
  await chief.getByRole('button', { name: 'More' }).or(chief.locator('summary', { hasText: 'More' })).first().click()
  await chief.getByRole('button', { name: 'Delay' }).click()
  await chief.getByRole('dialog').locator('.field').getByLabel('Reason', { exact: false }).last().fill('Archive closed until Monday')
  await chief.request.delete(origin + '/v1/me/sessions/current', { headers: { 'rastro-csrf': '1' } })
  await chief.getByRole('dialog').getByRole('button', { name: 'Delay' }).click()
  const renew = chief.getByRole('dialog', { name: 'Your session has ended' })
  await renew.waitFor()
  await renew.getByRole('button', { name: 'Cancel' }).click()
  expect((await chief.getByRole('dialog').locator('.field').getByLabel('Reason', { exact: false }).last().inputValue()) === 'Archive closed until Monday', 'the text stands in the form below')
  step('an ended session asks in a dialog; the form below keeps every word')

  // Two presses of the same button send once.
  const analyst = await open('analyst', { expected: ['412', '409'] })
  await analyst.goto(`${origin}/legs/${told.cases.searching.leg}`)
  await analyst.locator('.field').getByLabel('Ask for missing information').fill('Once only?')
  await analyst.getByText('What is missing or doubtful').click()
  await analyst.getByRole('checkbox', { name: 'Calibre' }).check()
  await analyst.getByRole('button', { name: /^Send to/ }).dblclick()
  await analyst.getByText('Once only?').first().waitFor()
  await analyst.waitForTimeout(500)
  expect((await analyst.getByText('Once only?').count()) === 1, 'a double press sends one message')
  step('a double press sends once')

  // What somebody may not.
  await analyst.goto(origin + '/admin')
  await analyst.getByRole('heading', { name: 'Not permitted' }).waitFor()
  await analyst.goto(`${origin}/no/such/page`)
  await analyst.getByRole('heading', { name: 'There is no such page' }).waitFor()
  const missing = await open('contact_b', { expected: ['404'] })
  await missing.goto(`${origin}/requests/${draft}`)
  await missing.getByRole('heading', { name: 'Not found' }).waitFor()
  step('no right, no page, not found: each is told')

  // Keys, and their switch.
  await analyst.goto(origin + '/')
  await analyst.locator('tbody tr').first().waitFor()
  await analyst.keyboard.press('/')
  expect(await analyst.evaluate(() => document.activeElement?.id === 'top-serial'), '/ goes to the search')
  await analyst.goto(origin + '/account')
  await analyst.locator('.check').getByLabel(/Single-key shortcuts/).uncheck()
  await analyst.goto(origin + '/')
  await analyst.locator('tbody tr').first().waitFor()
  await analyst.keyboard.press('/')
  expect(await analyst.evaluate(() => document.activeElement?.id !== 'top-serial'), 'switched off, / does nothing')
  step('single keys act, and can be switched off')

  // Route change: title and focus.
  await analyst.locator('a.row-link').first().click()
  await analyst.locator('.identity').waitFor()
  expect(await analyst.evaluate(() => document.activeElement?.tagName === 'H1'), 'the heading of the new page has the focus')
  expect(/ – Rastro$/.test(await analyst.title()) && !/Work queue/.test(await analyst.title()), 'the title is that of the new page')
  await analyst.goBack()
  await analyst.locator('tbody tr').first().waitFor()
  step('a new page takes title and focus; back goes back')

  // A list is exported as it is shown.
  const [download] = await Promise.all([analyst.waitForEvent('download'), analyst.getByRole('button', { name: 'Export (CSV)' }).click()])
  expect(download.suggestedFilename().endsWith('.csv'), 'the list is saved as CSV')
  step('lists are exported')

  const nobody = await open(null)
  await nobody.goto(`${origin}/requests/${told.cases.answered.case}`)
  await nobody.getByRole('heading', { name: 'Sign in' }).waitFor()
  await nobody.getByText('DEMO DATA').waitFor()
  await nobody.locator('summary', { hasText: 'more account' }).click()
  await nobody.getByRole('button', { name: 'analyst of the tests' }).click()
  await nobody.waitForFunction(() => document.querySelector('[autocomplete=one-time-code]').value.length === 6)
  expect((await nobody.locator('.field').getByLabel('Login').inputValue()) === told.people.analyst.login, 'an account of the demonstration fills the form')
  step('the sign-in page of a demonstration offers its accounts; an address survives it')
})

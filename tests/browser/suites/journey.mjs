// The story of one pistol, by the people of two countries in windows of their own: asked, approved,
// acknowledged, clarified, answered, released, seen arriving live, closed; then the auditor reads who saw it.
import { expect, open, origin, run, signIn, step, told } from '../lib/browser.mjs'

const serial = `JR${Date.now().toString().slice(-7)}`

await run('journey: two countries, seven people', async () => {
  const officer = await open(null)
  await signIn(officer, 'officer')
  step('the officer signs in with password and one-time code')

  // Ask: the clicks of the minimal request are counted.
  await officer.getByRole('link', { name: 'New request' }).first().click()
  let clicks = 1
  const section = async (title) => {
    await officer.getByRole('link', { name: title, exact: true }).click()
    clicks++
  }
  const next = async () => {
    await officer.getByRole('button', { name: 'Save and go on' }).click()
    clicks++
    await officer.locator('.tasks').waitFor()
  }
  await section('Firearm')
  await officer.locator('.field').getByLabel('Serial number', { exact: false }).fill(serial)
  await officer.locator('.field').getByLabel('Condition of the number').selectOption({ label: 'Clear' })
  await officer.locator('.field').getByLabel('Make', { exact: false }).fill('North Arms')
  await officer.locator('.field').getByLabel('Model', { exact: false }).fill('N17')
  await officer.locator('.field').getByLabel('Type', { exact: false }).selectOption({ label: 'Pistol' })
  await officer.locator('.field').getByLabel('Country of manufacture').selectOption({ value: 'XC' })
  await officer.locator('.field').getByLabel('Calibre', { exact: false }).fill('9x19')
  await next()
  await section('Marks')
  await officer.getByRole('checkbox', { name: 'Looked for an import mark' }).check()
  await officer.locator('.field').getByLabel('Country of import').selectOption({ value: 'XB' })
  await next()
  await section('Recovery')
  await officer.locator('.field').getByLabel('Date of recovery').fill('2026-05-14')
  await officer.locator('.field').getByLabel('Country of recovery').selectOption({ value: 'XA' })
  await next()
  await section('Purpose and legal basis')
  await officer.locator('.field').getByLabel('Legal basis', { exact: false }).fill('Code of Procedure art. 12')
  await officer.locator('.field').getByLabel('Offence', { exact: false }).selectOption({ value: 'homicide' })
  await officer.locator('.field').getByLabel('Why it is illicit').selectOption({ value: 'unauthorised_transfer' })
  await officer.locator('.field').getByLabel('What the answer is wanted for').fill('investigation file')
  await next()
  await section('Recipients')
  await officer.locator('.field').getByLabel('Add a recipient').selectOption({ value: 'country:XB' })
  await next()
  await section('Check and send')
  await officer.getByText(serial).waitFor()
  await officer.getByRole('button', { name: 'Send request' }).click()
  clicks++
  await officer.getByRole('heading', { name: /North Arms N17/ }).waitFor()
  await officer.locator('.identity').getByText('National review').waitFor()
  const address = officer.url()
  const caseId = address.split('/').pop()
  step(`a request is written and sent (${clicks} clicks)`)

  // Approve: the national contact, in the console.
  const contact = await open('contact')
  await contact.goto(origin + '/contact')
  const row = contact.getByRole('row').filter({ hasText: serial })
  await row.getByRole('checkbox').check()
  await contact.getByRole('button', { name: 'Approve', exact: true }).click()
  await contact.getByText('1 done').waitFor()
  step('the national contact approves it in the console')

  // The officer's page changes by itself.
  await officer.locator('.identity').getByText('In progress').waitFor()
  step('the officer sees it live, without loading again')

  // The analyst of the other country, by keyboard alone.
  const analyst = await open('analyst')
  await analyst.goto(origin + '/?tab=mine')
  const number = (await officer.locator('.identity .number').innerText()).trim()
  await analyst.getByRole('row').filter({ hasText: number }).waitFor()
  const rows = await analyst.locator('tbody tr').allInnerTexts()
  const at = rows.findIndex((text) => text.includes(number))
  for (let i = 0; i <= at; i++) await analyst.keyboard.press('j')
  expect((await analyst.evaluate(() => document.activeElement?.closest('tr')?.innerText))?.includes(number), 'j has led to the row')
  await analyst.keyboard.press('x')
  await analyst.getByText('1 selected').first().waitFor()
  await analyst.keyboard.press('e')
  await analyst.getByText('1 acknowledged').waitFor()
  step('the analyst acknowledges it by keyboard (j x e)')

  const chief = await open('chief')
  await chief.goto(origin + '/?tab=mine')
  await chief.getByRole('row').filter({ hasText: number }).getByRole('link').first().click()
  await chief.getByRole('button', { name: 'Begin the search' }).click()
  await chief.getByRole('dialog').getByRole('button', { name: 'Begin the search' }).click()
  await chief.locator('.identity').getByText('Searching').waitFor()
  const leg = chief.url().split('/').pop()
  step('the supervisor begins the search')

  // Clarify.
  await analyst.goto(`${origin}/legs/${leg}`)
  await analyst.locator('.field').getByLabel('Ask for missing information').fill('Is the last digit certain?')
  await analyst.getByText('What is missing or doubtful').click()
  await analyst.getByRole('checkbox', { name: 'Serial number' }).check()
  await analyst.getByRole('button', { name: 'Send to Police under test' }).click()
  await analyst.locator('.identity').getByText('Clarification requested').waitFor()
  await officer.getByText('Is the last digit certain?').waitFor()
  expect((await officer.locator('.readers').first().innerText()).includes('Tracing centre of XB'), 'beside the message stands who reads it')
  await officer.locator('.field').getByLabel('Your reply').fill('Yes, read under light.')
  await officer.getByRole('button', { name: /^Send to/ }).click()
  await analyst.getByText('Yes, read under light.').waitFor()
  step('question and reply arrive live on either side')

  // Answer with a chain that names a buyer: held until a second person releases it.
  await analyst.getByRole('button', { name: 'Answer', exact: true }).click()
  await analyst.locator('.field').getByLabel('Outcome').selectOption({ value: 'purchaser_identified' })
  const chain = [
    ['manufacturer', 'North Arms Works', 'XC', '', '2019-03'],
    ['importer', 'Baltora Import House', 'XB', '2019-04', '2019-05'],
    ['retailer', 'Port Sports', 'XB', '2019-05', '2019-06-02'],
    ['purchaser', 'J. Example', 'XB', '2019-06-02', ''],
  ]
  for (const [i, [role, name, country, received, disposed]] of chain.entries()) {
    await analyst.getByRole('button', { name: 'Add a link' }).click()
    const fields = analyst.locator('.link-edit').nth(i)
    await fields.locator('.field').getByLabel('Role').selectOption({ value: role })
    await fields.locator('.field').getByLabel('Name', { exact: false }).first().fill(name)
    await fields.locator('.field').getByLabel('Country').selectOption({ value: country })
    await fields.locator('.field').getByLabel('Received').fill(received)
    await fields.locator('.field').getByLabel('Passed on').fill(disposed)
  }
  expect((await analyst.locator('aside .chain-node').count()) >= 4, 'the chain is drawn while it is written')
  await analyst.getByText('a second person has to release it').waitFor()
  await analyst.getByRole('button', { name: /^Send to/ }).click()
  await analyst.getByText('Waits for a second person').waitFor()
  step('the answer with its chain waits for a second person')

  await chief.goto(`${origin}/legs/${leg}`)
  await chief.getByRole('button', { name: 'Release the answer' }).click()
  await chief.getByRole('dialog').getByRole('button', { name: 'Release the answer' }).click()
  await chief.locator('.identity').getByText('Answered in full').waitFor()
  await officer.locator('.chain-node').filter({ hasText: 'J. Example' }).waitFor()
  expect((await officer.locator('.chain-node').count()) === 5, 'the officer sees the chain up to the recovery')
  step('it is released; the officer sees the chain arrive live')

  await officer.getByRole('button', { name: 'Close', exact: true }).click()
  await officer.getByRole('dialog').locator('.field').getByLabel('Outcome').selectOption({ value: 'purchaser_identified' })
  await officer.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
  await officer.locator('.identity').getByText('Closed').waitFor()
  await officer.getByText(/[\d,]+ days/).waitFor()
  step('the officer closes it; the time from sale to recovery stands there')

  const auditor = await open('auditor')
  await auditor.goto(`${origin}/audit?object=${caseId}`)
  await auditor.locator('table.audit').getByText('Read a request').first().waitFor()
  const log = await auditor.locator('table.audit').innerText()
  expect(/Approved a request/.test(log) && /Closed a request/.test(log), 'the audit explorer shows who approved and who closed')
  await auditor.locator('button.link').first().click()
  await auditor.getByRole('button', { name: 'Prove it' }).click()
  await auditor.getByText(/c2sp.org\/tlog-proof/).first().waitFor()
  await auditor.getByRole('button', { name: 'Verify now' }).click()
  await auditor.getByText(/entries are signed/).waitFor()
  step('the auditor reads who saw it, proves a record and verifies the tree')

  // The records officer imports a sheet: a dry run names the row that is wrong, which is corrected in place.
  const records = await open('records', { expected: ['422'] })
  await records.goto(origin + '/import')
  const sheet = 'row,manufacturer,calibre,model,serial_number,type\r\n1,North Arms,9x19,N17,IMP10001,PISTOL\r\n2,Nobody Knows Ltd,9x19,X1,IMP10002,PISTOL\r\n'
  await records.locator('#import-file').setInputFiles({ name: 'sheet.csv', mimeType: 'text/csv', buffer: Buffer.from(sheet) })
  await records.getByText('2 rows').waitFor()
  await records.getByRole('button', { name: 'Try without writing' }).click()
  await records.getByText('3. What would happen').waitFor()
  await records.getByText('Line 3').waitFor()
  await records.getByRole('button', { name: 'Write the requests' }).click()
  await records.getByText('3. What happened').waitFor()
  step('the records officer tries a sheet, sees the doubtful row and writes')

  // The number of another request was misread once: the search says by which rule it is found, and a
  // second pair of eyes decides about the match.
  await records.locator('#top-serial').fill(told.cases.alike.serial)
  await records.keyboard.press('Enter')
  await records.getByText('Same but for look-alike characters').first().waitFor()
  await records.locator('.field').getByLabel('Serial number').fill('K*')
  await records.getByRole('button', { name: 'Search', exact: true }).click()
  await records.locator('.field.bad').first().waitFor()
  step('a search names the rule of each hit; one that says too little is refused at its field')
  await records.goto(origin + '/matches')
  await records.getByRole('button', { name: 'Compare and decide' }).first().click()
  await records.getByRole('dialog').getByRole('button', { name: 'It is the same firearm' }).click()
  await records.getByRole('dialog').locator('.summary-box').waitFor()
  for (const box of await records.getByRole('dialog').getByRole('checkbox').all()) await box.check()
  await records.getByRole('dialog').getByRole('button', { name: 'It is the same firearm' }).click()
  await records.getByText('The match is confirmed').waitFor()
  step('a match is confirmed once what was compared is named')

  const admin = await open('admin', { expected: ['403'] })
  await admin.goto(origin + '/admin')
  await admin.getByRole('button', { name: 'Add a person' }).click()
  await admin.getByRole('dialog').locator('.field').getByLabel('Login').fill(`new.person${Date.now() % 1e6}`)
  await admin.getByRole('dialog').locator('.field').getByLabel('Name', { exact: true }).fill('New Person')
  await admin.getByRole('dialog').getByRole('button', { name: 'Add a person' }).click()
  await admin.getByText('First credentials').waitFor()
  await admin.getByRole('button', { name: 'I have noted them' }).click()
  step('the administrator adds a person and gets the first credentials once')
  expect(told.people.officer.login, 'people are named')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

globalThis.localStorage = { getItem: () => null, setItem: () => {} }
globalThis.document = { documentElement: {} }
const { load } = await import('./load.mjs')
const { dateTime, due, list, number, partialDate, relative, tx, useLanguage, utc, violation, zone } = await load('i18n', 'format')

zone.set('America/Bogota')
const DAY = 86_400_000

test('every language says a composed key, a plural and a violation in its own words', async () => {
  const said = new Set()
  for (const language of ['en', 'es', 'pt', 'fr']) {
    await useLanguage(language)
    assert.equal(document.documentElement.lang, language)
    said.add(violation('too_long', ['12']))
    assert.ok(violation('too_long', ['12']).includes('12'), language)
    assert.notEqual(tx('stateOf.CLOSED'), 'stateOf.CLOSED')
    assert.equal(violation('no_such_code'), tx('violation.other'))
  }
  assert.equal(said.size, 4)
})

test('an unknown composed key falls back to what is given', () => {
  assert.equal(tx('step.nothing_of_the_kind', {}, 'nothing'), 'nothing')
  assert.equal(tx('step.nothing_of_the_kind'), 'step.nothing_of_the_kind')
})

test('numbers, lists and dates by locale, in the zone of the agency', async () => {
  await useLanguage('en')
  assert.equal(number(1234567), '1,234,567')
  assert.equal(list(['A', 'B', 'C']), 'A, B, and C')
  assert.match(dateTime('2026-03-01T02:30:00Z'), /Feb 28, 2026.*9:30/)
  await useLanguage('es')
  assert.equal(list(['A', 'B']), 'A y B')
  assert.match(dateTime('2026-03-01T02:30:00Z'), /28 feb 2026/)
  await useLanguage('fr')
  assert.match(number(1234567), /^1\s234\s567$/)
  assert.equal(utc('2026-03-01T02:30:00.123Z'), '2026-03-01 02:30:00Z')
})

test('a partial date says no more than it knows', async () => {
  await useLanguage('en')
  assert.equal(partialDate('2026'), '2026')
  assert.equal(partialDate('2026-05'), 'May 2026')
  assert.equal(partialDate('2026-05-14'), 'May 14, 2026')
  assert.equal(partialDate(undefined), '')
})

test('what is over says so in words', async () => {
  await useLanguage('en')
  const now = Date.now()
  assert.equal(relative(new Date(now + 2 * DAY), now), 'in 2 days')
  assert.equal(relative(new Date(now - 3 * 3_600_000), now), '3 hours ago')
  const late = due(new Date(now - 2 * DAY).toISOString())
  const soon = due(new Date(now + 2 * DAY + 60_000).toISOString())
  assert.match(late, /2 days ago/)
  assert.match(soon, /in 2 days/)
  assert.notEqual(late.replace('2 days ago', ''), soon.replace('in 2 days', ''))
})

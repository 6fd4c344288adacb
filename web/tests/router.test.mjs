import assert from 'node:assert/strict'
import { test } from 'node:test'

globalThis.location = { pathname: '/', search: '' }
const { load } = await import('./load.mjs')
const { match } = await load('router')

test('an address gives its parts, decoded, or nothing', () => {
  assert.deepEqual(match('/requests/{id}', '/requests/0190-a'), { id: '0190-a' })
  assert.deepEqual(match('/requests/{id}/answer/{leg}', '/requests/1/answer/a%2Fb'), { id: '1', leg: 'a/b' })
  assert.equal(match('/requests/{id}', '/requests'), null)
  assert.equal(match('/requests/{id}', '/firearms/1'), null)
  assert.deepEqual(match('/', '/'), {})
})

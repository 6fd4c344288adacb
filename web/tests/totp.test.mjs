import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import { load } from './load.mjs'

globalThis.crypto ??= webcrypto
const { oneTimeCode } = await load('totp')

// RFC 6238, appendix B, SHA-1, last six of its eight digits. The secret is the ASCII text of the RFC in base 32.
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
test('the codes of RFC 6238', async () => {
  for (const [seconds, code] of [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ]) {
    assert.equal(await oneTimeCode(SECRET, seconds * 1000), code)
  }
})

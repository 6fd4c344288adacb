// Accounts of a demonstration, with their present one-time code.
import type { DemoAccounts } from '#api'
import { call } from '../lib/api'
import { oneTimeCode } from '../lib/totp'

let known: Promise<DemoAccounts> | null = null
export function demoAccounts(): Promise<DemoAccounts> {
  known ??= call<DemoAccounts>('GET', '/v1/demo/accounts', { plain: true }).then((reply) => reply.data)
  known.catch(() => (known = null))
  return known
}

const used = new Map<string, number>()

/** A code counts once: the second time within 30 seconds it is the next one, which the server takes too. */
export async function demoCode(login: string): Promise<{ password: string; totp: string } | null> {
  const accounts = await demoAccounts()
  const account = accounts.items.find((item) => item.login === login)
  if (!account) return null
  const step = Math.max(Math.floor(Date.now() / 30_000), (used.get(login) ?? 0) + 1)
  used.set(login, step)
  return { password: accounts.password, totp: await oneTimeCode(account.totp_secret, step * 30_000) }
}

// The four catalogs say the same things: same keys, same placeholders, plural branches that the language
// has, no key that nothing uses and none missing of those that the source composes.
// Every action that the audit log may name (x-rastro-audit of the interface's document) has words.
//   node check_catalogs.mjs OPENAPI   exit status 1 and a list if something is wrong
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { joined } from './catalogs.mjs'

const WEB = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const LANGUAGES = ['en', 'es', 'pt', 'fr']
const own = Object.fromEntries(LANGUAGES.map((one) => [one, JSON.parse(readFileSync(join(WEB, 'src/i18n', `${one}.json`), 'utf8'))]))
const whole = Object.fromEntries(LANGUAGES.map((one) => [one, joined(WEB, one)]))
const faults = []

/** Names of the placeholders; texts of plural branches begin with a capital letter, a sign or a space. */
const placeholders = (message) => [...new Set(message.match(/\{[a-z0-9]\w*(?=[,}])/g) ?? [])].sort().join()
/** Depth of braces ends at nothing. */
function balanced(message) {
  let depth = 0
  for (const c of message) {
    if (c === '{') depth++
    if (c === '}' && --depth < 0) return false
  }
  return depth === 0
}

const keys = Object.keys(own.en)
for (const language of LANGUAGES) {
  for (const key of keys) {
    const message = own[language][key]
    if (message === undefined) {
      faults.push(`${language}: ${key} is missing`)
      continue
    }
    if (message.trim() === '') faults.push(`${language}: ${key} is empty`)
    if (!balanced(message)) faults.push(`${language}: ${key} has braces that do not match`)
    if (placeholders(message) !== placeholders(own.en[key])) faults.push(`${language}: ${key} has other placeholders than en`)
    if (/plural/.test(own.en[key]) && !/ other \{/.test(message)) faults.push(`${language}: ${key} has no branch "other"`)
  }
  for (const key of Object.keys(own[language])) if (!(key in own.en)) faults.push(`${language}: ${key} is not in en`)
  if (Object.keys(whole[language]).length !== Object.keys(whole.en).length) faults.push(`${language}: other words of the server than en`)
}

const { paths } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
  const action = operation['x-rastro-audit']
  if (action && action !== 'none' && !(`audit.a.${action}` in own.en)) faults.push(`en: audit.a.${action} is missing`)
}

function sources(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? sources(path) : /\.tsx?$/.test(name) ? [readFileSync(path, 'utf8')] : []
  })
}
const text = sources(join(WEB, 'src')).join('\n')
// tx(`step.${event}`) uses every key that begins with "step."
const prefixes = [...text.matchAll(/tx\(\s*`([a-zA-Z.]*)\$\{/g)].map((found) => found[1])
const literal = new Set([...text.matchAll(/'([a-zA-Z]+(?:\.[a-zA-Z0-9_]+)+)'/g)].map((found) => found[1]))
for (const key of keys) {
  const composed = prefixes.some((prefix) => prefix !== '' && key.startsWith(prefix))
  if (!composed && !literal.has(key) && !/^(outcomeGroup|where)\./.test(key) && !/^live\./.test(key)) faults.push(`en: nothing uses ${key}`)
}
for (const key of literal) {
  if (/^(nav|shell|state|problem|form|field|list|queue|case|act|admin|account|search|edit|help|notify|contact|review)\./.test(key) && !(key in whole.en)) faults.push(`en: ${key} is used and missing`)
}
for (const fault of faults) console.log(fault)
console.log(`${keys.length} keys in ${LANGUAGES.length} languages, ${faults.length} faults`)
process.exit(faults.length ? 1 : 0)

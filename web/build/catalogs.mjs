// import('catalog:es') is the client's catalog of a language (src/i18n/es.json) joined with words that
// the server has already, so that both sides say them the same way and they are written once:
//   violation.*   what can be wrong with a value    protocol/catalog/es.json
//   report.*      tables of the RANDOT report       protocol/catalog/es.json
//   stateOf.*     states of requests and legs       cases/types/trace_request.json
//   role.*        roles                             config/reference/code_names.csv
//
// import('catalog:profiles') are the columns of each profile of an import, as the server knows them:
//   { sheet: [{ column, also, required }] }      config/reference/import_profiles.csv
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const json = (path) => JSON.parse(readFileSync(path, 'utf8'))

/** The records of a CSV text (RFC 4180). */
function records(text) {
  const cells = text.matchAll(/("(?:[^"]|"")*"|[^",\n]*)(,|\n|$)/g)
  const rows = [[]]
  for (const [, cell, end] of cells) {
    rows.at(-1).push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
    if (end === '\n') rows.push([])
    if (end === '') break
  }
  return rows
}

export function joined(web, language) {
  const words = {}
  for (const [key, text] of Object.entries(json(join(web, '../protocol/catalog', `${language}.json`)))) {
    if (/^(violation|report\.(table|row|column|reason|definition))\./.test(key)) words[key] = text
  }
  for (const object of json(join(web, '../cases/types/trace_request.json')).objects) {
    for (const state of object.states) words[`stateOf.${state.name}`] = state.label[language]
  }
  const [head, ...rows] = records(readFileSync(join(web, '../config/reference/code_names.csv'), 'utf8'))
  const column = head.indexOf(`label_${language}`)
  for (const row of rows) if (row[0] === 'roles') words[`role.${row[1]}`] = row[column]
  return { ...words, ...json(join(web, 'src/i18n', `${language}.json`)) }
}

/** What a file may be headed with, by profile. */
export function profiles(web) {
  const [head, ...rows] = records(readFileSync(join(web, '../config/reference/import_profiles.csv'), 'utf8'))
  const found = {}
  for (const row of rows.filter((one) => one.length === head.length)) {
    const cell = (name) => row[head.indexOf(name)]
    ;(found[cell('profile')] ??= []).push({ column: cell('column'), also: cell('also').split('|').filter(Boolean), required: cell('required') === 'yes' })
  }
  return found
}

export function catalogs(web) {
  return {
    name: 'catalogs',
    setup(build) {
      build.onResolve({ filter: /^catalog:/ }, (wanted) => ({
        path: wanted.path.slice('catalog:'.length),
        namespace: 'catalog',
      }))
      build.onLoad({ filter: /.*/, namespace: 'catalog' }, (wanted) => ({
        contents: JSON.stringify(wanted.path === 'profiles' ? profiles(web) : joined(web, wanted.path)),
        loader: 'json',
      }))
    },
  }
}

// TypeScript types of every message, from the server's own OpenAPI document:
//   node types.mjs OPENAPI.json > api.d.ts
// The document is the only place where messages are written down; what the client believes about
// them cannot drift from it.
import { readFileSync } from 'node:fs'

const document = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const name = (ref) => ref.split('/').pop()
const comment = (schema, indent) => (schema.description ? `${indent}/** ${schema.description} */\n` : '')

function type(schema, indent) {
  if (schema.$ref) return name(schema.$ref)
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ') || 'never'
  if (Array.isArray(schema.type)) return schema.type.map((one) => type({ ...schema, type: one }, indent)).join(' | ')
  switch (schema.type) {
    case 'string':
      return 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array':
      return `Array<${type(schema.items ?? {}, indent)}>`
    case 'object':
      return object(schema, indent)
  }
  const options = schema.anyOf ?? schema.oneOf
  if (options) return options.map((option) => type(option, indent)).join(' | ')
  return 'unknown'
}

function object(schema, indent) {
  const required = new Set(schema.required ?? [])
  const inner = indent + '  '
  const lines = Object.entries(schema.properties ?? {}).map(
    ([key, value]) => `${comment(value, inner)}${inner}${JSON.stringify(key)}${required.has(key) ? '' : '?'}: ${type(value, inner)}`,
  )
  if (schema.additionalProperties && schema.additionalProperties !== true) {
    return `Record<string, ${type(schema.additionalProperties, indent)}>`
  }
  if (lines.length === 0) return schema.additionalProperties ? 'Record<string, unknown>' : 'Record<string, never>'
  return `{\n${lines.join('\n')}\n${indent}}`
}

const operations = Object.values(document.paths)
  .flatMap((path) => Object.values(path))
  .map((operation) => operation.operationId)
  .filter(Boolean)
const lines = ['// Made by web/build/types.mjs from the OpenAPI document; not to be edited.', '']
for (const [key, schema] of Object.entries(document.components.schemas)) {
  lines.push(`${comment(schema, '')}export type ${key} = ${type(schema, '')}`, '')
}
lines.push(`export type Operation = ${operations.map((one) => JSON.stringify(one)).join(' | ')}`, '')
process.stdout.write(lines.join('\n'))

// The interface, from the document that the server makes of the tables it runs on: beside each operation
// stands who may call it and what the audit log will say.
import { useState } from 'preact/hooks'
import { Await, Page } from '../kit/page'
import { Tag } from '../kit/show'
import { call } from '../lib/api'
import { t } from '../lib/i18n'
import { place, setQuery } from '../lib/router'
import { useStore } from '../lib/store'
import { useLoad } from '../lib/use'

interface Rule { rule?: string; effect?: string; roles?: string[]; relations?: string[]; conditions?: string[]; groups?: string[] }
interface Operation {
  operationId: string
  summary?: string
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: unknown }[]
  requestBody?: { content: Record<string, { schema: { $ref?: string } }> }
  responses: Record<string, { description?: string; content?: Record<string, { schema?: { $ref?: string } }> }>
  'x-rastro-permission'?: Rule[] | { rules?: Rule[] }
  'x-rastro-audit'?: string
  'x-rastro-idempotency'?: string
}
interface Document {
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown> }
}

const last = (ref: string | undefined) => ref?.split('/').pop() ?? ''

export default function Api() {
  const filter = (useStore(place).search.get('q') ?? '').toLowerCase()
  const document = useLoad<Document>('openapi', async () => (await call<Document>('GET', '/openapi.json', { plain: true })).data)
  return (
    <Page title={t('shell.api')} wide aside={<a class="button plain" href="/openapi.json" download="rastro-openapi.json">openapi.json</a>} lead={t('api.lead')}>
      <Await from={document}>
        {(found) => (
          <>
            <div class="filters"><label><span>{t('list.text')}</span><input type="search" value={filter} onInput={(event) => setQuery({ q: event.currentTarget.value })} /></label></div>
            {Object.entries(found.paths).flatMap(([path, methods]) =>
              Object.entries(methods)
                .filter(([, operation]) => operation.operationId && `${path} ${operation.operationId} ${operation.summary}`.toLowerCase().includes(filter))
                .map(([method, operation]) => <One key={operation.operationId} path={path} method={method} operation={operation} schemas={found.components.schemas} />),
            )}
          </>
        )}
      </Await>
    </Page>
  )
}

function One({ path, method, operation, schemas }: { path: string; method: string; operation: Operation; schemas: Record<string, unknown> }) {
  const [open, setOpen] = useState(false)
  const permission = operation['x-rastro-permission']
  const rules = Array.isArray(permission) ? permission : (permission?.rules ?? [])
  const body = last(Object.values(operation.requestBody?.content ?? {})[0]?.schema.$ref)
  const success = Object.entries(operation.responses).find(([status]) => status < '400')
  const reply = last(Object.values(success?.[1].content ?? {})[0]?.schema?.$ref)
  return (
    <details class="operation" id={operation.operationId} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Tag tone={method === 'get' ? 'blue' : method === 'delete' ? 'red' : 'green'}>{method.toUpperCase()}</Tag>
        <code>{path}</code>
        <span class="muted">{operation.summary}</span>
      </summary>
      {open && (
        <div class="operation-body">
          <p class="row"><strong>{t('api.audit')}</strong> <code>{operation['x-rastro-audit'] ?? 'none'}</code> <strong>{t('api.repeat')}</strong> <code>{operation['x-rastro-idempotency']}</code></p>
          {rules.length > 0 && (
            <div class="scroll"><table class="compact">
              <caption>{t('api.permission')}</caption>
              <thead><tr><th>{t('api.rule')}</th><th>{t('admin.roles')}</th><th>{t('api.relation')}</th><th>{t('api.condition')}</th><th>{t('api.groups')}</th></tr></thead>
              <tbody>{rules.map((rule, i) => <tr key={i}><td>{rule.rule} {rule.effect}</td><td>{join(rule.roles)}</td><td>{join(rule.relations)}</td><td>{join(rule.conditions)}</td><td>{join(rule.groups)}</td></tr>)}</tbody>
            </table></div>
          )}
          {operation.parameters && operation.parameters.length > 0 && (
            <ul class="plain-list">{operation.parameters.map((one) => <li key={one.in + one.name}><code>{one.in}: {one.name}</code> {one.required && <Tag tone="yellow">{t('api.required')}</Tag>} <span class="muted">{one.description}</span></li>)}</ul>
          )}
          {body && <details><summary>{t('api.body')} <code>{body}</code></summary><pre class="mono small">{JSON.stringify(schemas[body], null, 2)}</pre></details>}
          {reply && <details><summary>{t('api.reply', { status: success?.[0] ?? '' })} <code>{reply}</code></summary><pre class="mono small">{JSON.stringify(schemas[reply], null, 2)}</pre></details>}
        </div>
      )}
    </details>
  )
}

const join = (list: string[] | string | undefined) => (Array.isArray(list) ? list.join(', ') : (list ?? ''))

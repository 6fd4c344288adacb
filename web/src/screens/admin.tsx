// People, roles that wait for a second person, certificates of systems, agencies and routes. Sensitive
// changes ask for confirmation; roles are proposed by one and accepted by another.
import { useState } from 'preact/hooks'
import type { Agency, Certificate, CertificateList, Role, RoleGrant, RoleGrantList, User, UserCreated } from '#api'
import { Dialog, say } from '../kit/dialog'
import { Button, Buttons, Check, FaultSummary, Faults, Select, TextArea, TextField } from '../kit/form'
import { Await, Empty, Notice, Page } from '../kit/page'
import { Card, Summary, Tabs, Tag, When } from '../kit/show'
import { all, call, get } from '../lib/api'
import { country, options } from '../lib/codes'
import { dayOf } from '../lib/format'
import { LANGUAGES, t, tx } from '../lib/i18n'
import { place } from '../lib/router'
import { can, me, ownId } from '../lib/session'
import { useStore } from '../lib/store'
import { useAction, useLoad } from '../lib/use'
import { Routes } from './contact'

type Tab = 'people' | 'grants' | 'keys' | 'agencies' | 'routes'

export default function Admin() {
  const tabs: Tab[] = [...(can('user_list') ? ['people' as const, 'grants' as const] : []), ...(can('certificate_list') ? ['keys' as const] : []), ...(can('agency_change') ? ['agencies' as const] : []), ...(can('route_put') ? ['routes' as const] : [])]
  const wanted = useStore(place).search.get('tab') as Tab | null
  const tab = wanted && tabs.includes(wanted) ? wanted : tabs[0]
  return (
    <Page title={t('nav.admin')} wide lead={me.get()?.agency.name}>
      <Tabs label={t('nav.admin')} current={tab ?? ''} href={(id) => `/admin?tab=${id}`} tabs={tabs.map((id) => ({ id, label: tx(`admin.${id}`) }))} />
      {tab === 'people' && <People />}
      {tab === 'grants' && <Grants />}
      {tab === 'keys' && <Keys />}
      {tab === 'agencies' && <Agencies />}
      {tab === 'routes' && <Routes />}
    </Page>
  )
}

const roleOptions = () => options('roles').map(({ value }) => ({ value, label: tx(`role.${value}`) }))

function People() {
  const users = useLoad<User[]>('users', () => all<User>('/v1/users'))
  const [adding, setAdding] = useState(false)
  const [open, setOpen] = useState<User | null>(null)
  const [secret, setSecret] = useState<UserCreated | null>(null)
  const [filter, setFilter] = useState('')
  return (
    <>
      <div class="row spread">
        <label class="inline-search"><span class="visually-hidden">{t('list.text')}</span><input type="search" value={filter} placeholder={t('list.text')} onInput={(event) => setFilter(event.currentTarget.value)} /></label>
        {can('user_create') && <Button kind="primary" onClick={() => setAdding(true)}>{t('admin.add')}</Button>}
      </div>
      <Await from={users}>
        {(list) => (
          <div class="scroll">
            <table>
              <caption class="visually-hidden">{t('admin.people')}</caption>
              <thead><tr><th>{t('admin.person')}</th><th>{t('admin.roles')}</th><th>{t('work.state')}</th><th>{t('review.last')}</th><th>{t('admin.actions')}</th></tr></thead>
              <tbody>
                {list.filter((user) => `${user.login} ${user.display_name}`.toLowerCase().includes(filter.toLowerCase())).map((user) => (
                  <tr key={user.user_id}>
                    <td>{user.display_name}<div class="muted small mono">{user.login}</div></td>
                    <td>{user.roles.map((role) => <Tag key={role} tone="blue">{tx(`role.${role}`)}</Tag>)}</td>
                    <td><Tag tone={user.state === 'active' ? 'green' : 'red'}>{tx(`userState.${user.state}`)}</Tag></td>
                    <td>{user.last_sign_in_at ? dayOf(user.last_sign_in_at) : t('review.never')}</td>
                    <td>{can('user_change') && <Button small onClick={() => setOpen(user)}>{t('form.change')}<span class="visually-hidden"> {user.display_name}</span></Button>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Await>
      {adding && <AddPerson onClose={() => setAdding(false)} onMade={(made) => { setAdding(false); setSecret(made); users.reload() }} />}
      {open && <EditPerson user={open} onClose={() => setOpen(null)} onDone={() => { setOpen(null); users.reload() }} onSecret={(made) => { setOpen(null); setSecret(made) }} />}
      {secret && <Secret made={secret} onClose={() => setSecret(null)} />}
    </>
  )
}

function AddPerson({ onClose, onMade }: { onClose: () => void; onMade: (made: UserCreated) => void }) {
  const [login, setLogin] = useState('')
  const [name, setName] = useState('')
  const [language, setLanguage] = useState('es')
  const [roles, setRoles] = useState<Role[]>([])
  const { run, busy, problem } = useAction(async () => {
    onMade((await call<UserCreated>('POST', '/v1/users', { body: { login, display_name: name, language, propose_roles: roles } })).data)
  })
  return (
    <Dialog title={t('admin.add')} onClose={onClose} wide>
      <Faults.Provider value={problem?.errors ?? []}>
        <FaultSummary problem={problem} />
        <form onSubmit={(event) => { event.preventDefault(); void run() }}>
          <div class="fields">
            <TextField label={t('signIn.login')} pointer="/login" hint={t('admin.loginHint')} value={login} onChange={setLogin} />
            <TextField label={t('admin.name')} pointer="/display_name" value={name} onChange={setName} />
            <Select label={t('shell.language')} pointer="/language" value={language} onChange={setLanguage} options={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} />
          </div>
          <fieldset class="field"><legend>{t('admin.proposeRoles')}</legend><p class="hint">{t('admin.twoPersons')}</p>
            <div class="check-grid">{roleOptions().map((role) => <Check key={role.value} label={role.label} checked={roles.includes(role.value as Role)} onChange={(on) => setRoles(on ? [...roles, role.value as Role] : roles.filter((one) => one !== role.value))} />)}</div>
          </fieldset>
          <Buttons><Button kind="primary" type="submit" busy={busy}>{t('admin.add')}</Button><Button onClick={onClose}>{t('form.cancel')}</Button></Buttons>
        </form>
      </Faults.Provider>
    </Dialog>
  )
}

function Secret({ made, onClose }: { made: UserCreated; onClose: () => void }) {
  return (
    <Dialog title={t('admin.secret')} onClose={onClose}>
      <Notice kind="warn">{t('admin.secretText')}</Notice>
      <Summary rows={[[t('signIn.login'), <span class="mono">{made.user.login}</span>], [t('signIn.password'), <span class="mono">{made.first_password}</span>], [t('account.secret'), <span class="mono">{made.totp.secret}</span>]]} />
      <Buttons><Button kind="primary" onClick={onClose}>{t('admin.noted')}</Button></Buttons>
    </Dialog>
  )
}

function EditPerson({ user, onClose, onDone, onSecret }: { user: User; onClose: () => void; onDone: () => void; onSecret: (made: UserCreated) => void }) {
  const [name, setName] = useState(user.display_name)
  const [role, setRole] = useState('')
  const path = `/v1/users/${user.user_id}`
  const change = useAction(async (body: unknown) => { await call('PATCH', path, { body, version: user.version }); say(t('form.savedNow')); onDone() })
  const propose = useAction(async (wanted: string, kind: 'give' | 'take') => { await call('POST', '/v1/role-grants', { body: { user_id: user.user_id, role: wanted, kind } }); say(t('admin.proposed')); onDone() })
  const act = useAction(async (what: 'unlock' | 'credential-reset') => {
    const { data } = await call<UserCreated>('POST', `${path}/${what}`)
    if (what === 'credential-reset') onSecret(data)
    else { say(t('form.savedNow')); onDone() }
  })
  const problem = change.problem ?? propose.problem ?? act.problem
  return (
    <Dialog title={user.display_name} onClose={onClose} wide>
      <Faults.Provider value={problem?.errors ?? []}>
        <FaultSummary problem={problem} />
        <form class="row bottom" onSubmit={(event) => { event.preventDefault(); void change.run({ display_name: name }) }}>
          <TextField label={t('admin.name')} pointer="/display_name" value={name} onChange={setName} />
          <Button type="submit" busy={change.busy}>{t('form.save')}</Button>
        </form>
        <h3>{t('admin.roles')}</h3>
        <ul class="chips">
          {user.roles.map((one) => <li key={one}>{tx(`role.${one}`)}<button type="button" class="icon" aria-label={t('admin.take', { role: tx(`role.${one}`) })} title={t('admin.take', { role: tx(`role.${one}`) })} onClick={() => void propose.run(one, 'take')}>×</button></li>)}
        </ul>
        <div class="row bottom">
          <Select label={t('admin.give')} hint={t('admin.twoPersons')} options={roleOptions().filter((one) => !user.roles.includes(one.value as Role))} value={role} onChange={setRole} />
          <Button busy={propose.busy} disabled={!role} onClick={() => void propose.run(role, 'give')}>{t('admin.propose')}</Button>
        </div>
        <Buttons>
          {user.state === 'active' ? <Button kind="danger" busy={change.busy} onClick={() => void change.run({ state: 'disabled' })}>{t('admin.disable')}</Button> : <Button busy={change.busy} onClick={() => void change.run({ state: 'active' })}>{t('admin.enable')}</Button>}
          {user.state === 'locked' && <Button busy={act.busy} onClick={() => void act.run('unlock')}>{t('admin.unlock')}</Button>}
          <Button busy={act.busy} onClick={() => void act.run('credential-reset')}>{t('admin.reset')}</Button>
          <Button kind="quiet" onClick={onClose}>{t('form.close')}</Button>
        </Buttons>
      </Faults.Provider>
    </Dialog>
  )
}

function Grants() {
  const grants = useLoad<RoleGrantList>('grants', () => get('/v1/role-grants?state=all'))
  const { run, busy, problem } = useAction(async (grant: RoleGrant, decision: 'accepted' | 'rejected') => {
    await call('POST', `/v1/role-grants/${grant.grant_id}/decision`, { body: { decision } })
    say(tx(`grantState.${decision}`))
    grants.reload()
  })
  return (
    <>
      <FaultSummary problem={problem} />
      <Await from={grants}>
        {(list) => list.items.length === 0 ? <Empty title={t('admin.noGrants')} /> : (
          <div class="scroll"><table>
            <caption class="visually-hidden">{t('admin.grants')}</caption>
            <thead><tr><th>{t('admin.person')}</th><th>{t('admin.change')}</th><th>{t('admin.proposedAt')}</th><th>{t('work.state')}</th><th>{t('admin.actions')}</th></tr></thead>
            <tbody>{list.items.map((grant) => (
              <tr key={grant.grant_id}>
                <td class="mono">{grant.login}</td>
                <td>{tx(`grant.${grant.kind}`, { role: tx(`role.${grant.role}`) })}</td>
                <td><When at={grant.proposed_at} /></td>
                <td><Tag tone={grant.state === 'open' ? 'yellow' : grant.state === 'accepted' ? 'green' : 'red'}>{tx(`grantState.${grant.state}`)}</Tag></td>
                <td>{grant.state === 'open' && can('role_grant_decide') && (grant.proposed_by === ownId() ? <span class="muted small">{t('admin.another')}</span> : (
                  <span class="row">
                    <Button small kind="primary" busy={busy} onClick={() => void run(grant, 'accepted')}>{t('admin.accept')}<span class="visually-hidden"> {grant.login}</span></Button>
                    <Button small kind="danger" busy={busy} onClick={() => void run(grant, 'rejected')}>{t('admin.reject')}<span class="visually-hidden"> {grant.login}</span></Button>
                  </span>))}</td>
              </tr>))}
            </tbody>
          </table></div>
        )}
      </Await>
    </>
  )
}

function Keys() {
  const agency = me.get()?.agency.agency ?? ''
  const list = useLoad<CertificateList>('keys', () => get(`/v1/agencies/${agency}/certificates`))
  const [pem, setPem] = useState('')
  const [roles, setRoles] = useState<Role[]>([])
  const enrol = useAction(async () => { await call('POST', `/v1/agencies/${agency}/certificates`, { body: { certificate_pem: pem, roles } }); setPem(''); say(t('form.savedNow')); list.reload() })
  const revoke = useAction(async (one: Certificate) => { await call('DELETE', `/v1/agencies/${agency}/certificates/${one.certificate_id}`); say(t('admin.revoked')); list.reload() })
  return (
    <div class="stack">
      <FaultSummary problem={revoke.problem} />
      <Await from={list}>
        {(found) => found.items.length === 0 ? <Empty title={t('admin.noKeys')} /> : (
          <div class="scroll"><table>
            <caption class="visually-hidden">{t('admin.keys')}</caption>
            <thead><tr><th>{t('admin.system')}</th><th>{t('admin.roles')}</th><th>{t('admin.until')}</th><th>SHA-256</th><th>{t('admin.actions')}</th></tr></thead>
            <tbody>{found.items.map((one) => (
              <tr key={one.certificate_id}>
                <td>{one.name}<div class="muted small mono">{one.uri}</div></td>
                <td>{one.roles.map((role) => <Tag key={role} tone="blue">{tx(`role.${role}`)}</Tag>)}</td>
                <td>{dayOf(one.not_after)}</td>
                <td class="mono small">{one.sha256.slice(0, 16)}…</td>
                <td>{one.revoked_at ? <Tag tone="red">{t('admin.revoked')}</Tag> : can('certificate_revoke') && <Button small kind="danger" onClick={() => void revoke.run(one)}>{t('admin.revoke')}<span class="visually-hidden"> {one.name}</span></Button>}</td>
              </tr>))}
            </tbody>
          </table></div>
        )}
      </Await>
      {can('certificate_enrol') && (
        <Faults.Provider value={enrol.problem?.errors ?? []}>
          <Card title={t('admin.enrol')}>
            <FaultSummary problem={enrol.problem} />
            <form onSubmit={(event) => { event.preventDefault(); void enrol.run() }}>
              <TextArea label={t('admin.pem')} pointer="/certificate_pem" value={pem} onChange={setPem} rows={6} />
              <fieldset class="field"><legend>{t('admin.roles')}</legend><div class="check-grid">{roleOptions().map((role) => <Check key={role.value} label={role.label} checked={roles.includes(role.value as Role)} onChange={(on) => setRoles(on ? [...roles, role.value as Role] : roles.filter((one) => one !== role.value))} />)}</div></fieldset>
              <Buttons><Button kind="primary" type="submit" busy={enrol.busy}>{t('admin.enrol')}</Button></Buttons>
            </form>
          </Card>
        </Faults.Provider>
      )}
    </div>
  )
}

const KINDS = ['police', 'customs', 'prosecution', 'tracing_centre', 'national_contact', 'laboratory', 'oversight', 'administration', 'statistics']

function Agencies() {
  const agency = me.get()?.agency.agency ?? ''
  const own = useLoad<{ data: Agency; version: number }>('own agency', () => call<Agency>('GET', `/v1/agencies/${agency}`))
  const [changes, setChanges] = useState<Record<string, string | boolean>>({})
  const [made, setMade] = useState<Record<string, string>>({ kind: 'police', time_zone: 'UTC' })
  const save = useAction(async () => { await call('PATCH', `/v1/agencies/${agency}`, { body: changes, version: own.data!.version }); setChanges({}); say(t('form.savedNow')); own.reload() })
  const create = useAction(async () => { await call('POST', '/v1/agencies', { body: made }); say(t('form.savedNow')); setMade({ kind: 'police', time_zone: 'UTC' }) })
  return (
    <div class="stack">
      <Await from={own}>
        {({ data }) => {
          const value = (name: 'name' | 'time_zone' | 'contact_email' | 'contact_phone') => (changes[name] as string | undefined) ?? data[name] ?? ''
          const text = (name: 'name' | 'time_zone' | 'contact_email' | 'contact_phone', label: string) => <TextField label={label} pointer={`/${name}`} value={value(name)} onChange={(next) => setChanges({ ...changes, [name]: next })} />
          return (
            <Faults.Provider value={save.problem?.errors ?? []}>
              <Card title={`${data.name} (${country(data.country)})`}>
                <FaultSummary problem={save.problem} />
                <form onSubmit={(event) => { event.preventDefault(); void save.run() }}>
                  <div class="fields">{text('name', t('admin.name'))}{text('time_zone', t('account.zone'))}{text('contact_email', t('admin.email'))}{text('contact_phone', t('admin.phone'))}</div>
                  <Check label={t('admin.autoAcknowledge')} checked={(changes['auto_acknowledge'] as boolean | undefined) ?? data.auto_acknowledge} onChange={(on) => setChanges({ ...changes, auto_acknowledge: on })} />
                  <Buttons><Button kind="primary" type="submit" busy={save.busy} disabled={Object.keys(changes).length === 0}>{t('form.save')}</Button></Buttons>
                </form>
              </Card>
            </Faults.Provider>
          )
        }}
      </Await>
      {can('agency_create') && (
        <Faults.Provider value={create.problem?.errors ?? []}>
          <Card title={t('admin.newAgency')}>
            <FaultSummary problem={create.problem} />
            <form onSubmit={(event) => { event.preventDefault(); void create.run() }}>
              <div class="fields">
                <TextField label={t('admin.code')} hint={t('admin.codeHint')} pointer="/agency" mono value={made['agency']} onChange={(code) => setMade({ ...made, agency: code.toUpperCase() })} />
                <TextField label={t('admin.name')} pointer="/name" value={made['name']} onChange={(name) => setMade({ ...made, name })} />
                <Select label={t('contact.kind')} pointer="/kind" value={made['kind']} onChange={(kind) => setMade({ ...made, kind })} options={KINDS.map((kind) => ({ value: kind, label: tx(`agencyKind.${kind}`) }))} />
                <TextField label={t('account.zone')} pointer="/time_zone" value={made['time_zone']} onChange={(zone) => setMade({ ...made, time_zone: zone })} />
              </div>
              <Buttons><Button kind="primary" type="submit" busy={create.busy}>{t('admin.newAgency')}</Button></Buttons>
            </form>
          </Card>
        </Faults.Provider>
      )}
    </div>
  )
}

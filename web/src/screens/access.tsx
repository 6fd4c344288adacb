// Access review: people and their roles, who has not been here for long, which roles do not go together.
import type { User } from '#api'
import { Button } from '../kit/form'
import { Await, Empty, Notice, Page } from '../kit/page'
import { Tag } from '../kit/show'
import { all } from '../lib/api'
import { csvText, save } from '../lib/csv'
import { dayOf } from '../lib/format'
import { t, tx } from '../lib/i18n'
import { place, setQuery } from '../lib/router'
import { me } from '../lib/session'
import { useStore } from '../lib/store'
import { useLoad } from '../lib/use'

const DORMANT_DAYS = 90
/** Roles that one person should not hold together (design: who manages access reads no cases, who audits does neither). */
const APART: [string, string[]][] = [
  ['system_admin', ['agency_user', 'agency_supervisor', 'national_contact', 'tracing_analyst', 'records_officer', 'auditor', 'policy_officer', 'lab_user']],
  ['auditor', ['agency_user', 'agency_supervisor', 'national_contact', 'tracing_analyst', 'records_officer', 'policy_officer', 'lab_user']],
]

const dormant = (user: User): boolean => !user.last_sign_in_at || Date.now() - new Date(user.last_sign_in_at).getTime() > DORMANT_DAYS * 86_400_000
const conflict = (user: User): string[] => APART.flatMap(([role, others]) => (user.roles.includes(role as never) ? others.filter((other) => user.roles.includes(other as never)).map((other) => `${tx(`role.${role}`)} + ${tx(`role.${other}`)}`) : []))

export default function Access() {
  const show = useStore(place).search.get('show') ?? ''
  const users = useLoad<User[]>('access', () => all<User>('/v1/users'))
  return (
    <Page title={t('nav.access')} wide lead={me.get()?.agency.name} aside={users.data && <Button onClick={() => save('rastro-access.csv', asCsv(users.data!))}>{t('list.export')}</Button>}>
      <Await from={users}>
        {(list) => {
          const shown = list.filter((user) => (show === 'dormant' ? dormant(user) && user.state === 'active' : show === 'conflict' ? conflict(user).length : show === 'disabled' ? user.state !== 'active' : true))
          return (
            <>
              <dl class="figures">
                <div><dt>{t('review.people')}</dt><dd>{list.length}</dd></div>
                <div><dt>{t('review.dormant', { n: DORMANT_DAYS })}</dt><dd>{list.filter((user) => dormant(user) && user.state === 'active').length}</dd></div>
                <div><dt>{t('review.conflicts')}</dt><dd>{list.filter((user) => conflict(user).length).length}</dd></div>
                <div><dt>{t('review.noFactor')}</dt><dd>{list.filter((user) => !user.has_second_factor).length}</dd></div>
              </dl>
              <div class="filters">
                <label><span>{t('review.show')}</span>
                  <select value={show} onChange={(event) => setQuery({ show: event.currentTarget.value })}>
                    <option value="">{t('review.all')}</option>
                    <option value="dormant">{t('review.dormant', { n: DORMANT_DAYS })}</option>
                    <option value="conflict">{t('review.conflicts')}</option>
                    <option value="disabled">{t('review.disabled')}</option>
                  </select>
                </label>
              </div>
              {shown.length === 0 ? <Empty title={t('list.noneFiltered')} /> : (
                <div class="scroll">
                  <table>
                    <caption class="visually-hidden">{t('nav.access')}</caption>
                    <thead><tr><th>{t('admin.person')}</th><th>{t('admin.roles')}</th><th>{t('review.last')}</th><th>{t('work.state')}</th></tr></thead>
                    <tbody>
                      {shown.map((user) => (
                        <tr key={user.user_id}>
                          <td>{user.display_name}<div class="muted small mono">{user.login}</div></td>
                          <td>{user.roles.map((role) => <Tag key={role} tone="blue">{tx(`role.${role}`)}</Tag>)}{conflict(user).map((text) => <div class="small warn-line" key={text}>{t('review.conflict', { roles: text })}</div>)}</td>
                          <td>{user.last_sign_in_at ? dayOf(user.last_sign_in_at) : t('review.never')}{dormant(user) && <div><Tag tone="yellow">{t('review.isDormant')}</Tag></div>}</td>
                          <td>{tx(`userState.${user.state}`)}{!user.has_second_factor && <div><Tag tone="red">{t('review.noFactor')}</Tag></div>}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
              <Notice>{t('review.text')}</Notice>
            </>
          )
        }}
      </Await>
    </Page>
  )
}

const asCsv = (users: User[]) => csvText([['login', 'name', 'roles', 'state', 'last_sign_in', 'second_factor', 'conflicts'], ...users.map((user) => [user.login, user.display_name, user.roles.join(' '), user.state, user.last_sign_in_at, user.has_second_factor ? 'yes' : 'no', conflict(user).join('; ')])])

// Everyone can see who can see it: the agencies with the parts that each may read, and why.
import { Card } from '../../kit/show'
import { name } from '../../lib/codes'
import { list, t } from '../../lib/i18n'
import { agencies, agencyName, can } from '../../lib/session'
import type { CaseView } from './data'

export function Access({ data }: { data: CaseView }) {
  const shared = data.content?.shared_groups ?? []
  const parts = list(shared.map((group) => name('field-groups', group)))
  const contact = [...agencies.get().values()].find((agency) => agency.country === data.ownerCountry && agency.national_contact)
  return (
    <Card title={t('access.title')}>
      <ul class="access-list">
        <li>
          <strong>{agencyName(data.owner)}</strong>
          <span>{t('access.owner')}</span>
        </li>
        {data.legs.map((leg) => (
          <li key={leg.leg_id}>
            <strong>{agencyName(leg.asked_agency)}</strong>
            <span>{t('access.asked')}</span>
            <span class="muted small">{parts || t('access.nothing')}</span>
          </li>
        ))}
        {data.legs.length === 0 && shared.length > 0 && (
          <li>
            <strong>{t('access.recipients')}</strong>
            <span>{t('access.later')}</span>
            <span class="muted small">{parts}</span>
          </li>
        )}
        {contact && contact.agency !== data.owner && data.side === 'asking' && (
          <li>
            <strong>{contact.name}</strong>
            <span>{t('access.contact')}</span>
          </li>
        )}
        <li>
          <strong>{t('access.auditors')}</strong>
          <span>{t('access.auditorsText')}</span>
        </li>
      </ul>
      {data.withheld.length > 0 && <p class="muted small">{t('case.withheld', { groups: list(data.withheld.map((group) => name('field-groups', group))) })}</p>}
      <p class="muted small">{t('access.logged')}</p>
      {can('audit_entries') && (
        <p>
          <a href={`/audit?object=${data.caseId}`}>{t('access.who')}</a>
        </p>
      )}
    </Card>
  )
}

// How alike two descriptions are, in words: the band, and field by field the rule that was applied.
import type { MatchBand, MatchField, MatchPointer, SerialHit } from '#api'
import { Empty } from '../../kit/page'
import { StateTag, Tag } from '../../kit/show'
import { country } from '../../lib/codes'
import { partialDate } from '../../lib/format'
import { list, t, tx } from '../../lib/i18n'
import { agencyName } from '../../lib/session'
import { firearmTitle } from '../../lib/work'

const TONES: Record<MatchBand, 'green' | 'teal' | 'grey' | 'yellow'> = { MATCH_STRONG: 'green', MATCH_POSSIBLE: 'teal', MATCH_WEAK: 'grey', NEIGHBOUR: 'yellow' }

export function Band({ band, score }: { band: MatchBand; score?: number }) {
  return (
    <Tag tone={TONES[band]}>
      {tx(`band.${band}`)}
      {score !== undefined && <span class="count"> {score}</span>}
    </Tag>
  )
}

export const fieldNames = (fields: readonly MatchField[]): string => list(fields.map((field) => tx(`matchField.${field}`)))

type Agreements = SerialHit['fields']

/** What was compared; what neither side states is left out. */
export function Agreement({ fields }: { fields: Agreements }) {
  return (
    <ul class="agreements">
      {fields
        .filter((field) => field.agreement !== 'not_stated')
        .map((field) => (
          <li key={field.field} class={`agree ${field.agreement}`}>
            {tx(`rule.${field.rule}`, {}, field.rule)} <span class="muted mono">{field.points > 0 ? `+${field.points}` : field.points}</span>
          </li>
        ))}
    </ul>
  )
}

export function HitTable({ hits }: { hits: readonly SerialHit[] }) {
  return (
    <div class="scroll">
      <table class="work">
        <caption class="visually-hidden">{t('search.results')}</caption>
        <thead>
          <tr>
            <th>{t('work.firearm')}</th>
            <th>{t('match.how')}</th>
            <th>{t('match.why')}</th>
            <th>{t('work.state')}</th>
            <th>{t('match.where')}</th>
          </tr>
        </thead>
        <tbody>
          {hits.map((hit) => (
            <tr key={hit.case_id}>
              <td class="what">
                <a class="row-link" href={`/requests/${hit.case_id}`}>
                  {firearmTitle(hit.firearm) || hit.number}
                </a>
                <div class="sub">
                  <span class="mono">{hit.firearm.serial_raw}</span>
                  <span class="mono number">{hit.number}</span>
                </div>
              </td>
              <td data-label={t('match.how')}>
                <Band band={hit.band} score={hit.score} />
              </td>
              <td data-label={t('match.why')}>
                <Agreement fields={hit.fields} />
              </td>
              <td data-label={t('work.state')}>
                <StateTag state={hit.state} />
              </td>
              <td data-label={t('match.where')}>
                <span>
                  {agencyName(hit.owner_agency)}
                  {hit.recovery_country && <span class="muted small"> · {[country(hit.recovery_country), partialDate(hit.recovered_on)].filter(Boolean).join(', ')}</span>}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Cases of other agencies: that there is one, how alike, and whom to ask; nothing else. */
export function Pointers({ pointers }: { pointers: readonly MatchPointer[] }) {
  if (pointers.length === 0) return null
  return (
    <ul class="hits">
      {pointers.map((pointer) => (
        <li key={pointer.match_id}>
          <strong>{pointer.agency_name}</strong>
          <Band band={pointer.band} />
          <span class="small">{t('match.agreeing', { fields: fieldNames(pointer.agreeing) })}</span>
          <Contact email={pointer.contact_email} phone={pointer.contact_phone} />
        </li>
      ))}
    </ul>
  )
}

export function Contact({ email, phone }: { email?: string; phone?: string }) {
  if (!email && !phone) return null
  return (
    <span class="small">
      {t('match.contact')} {email && <a href={`mailto:${email}`}>{email}</a>} {phone && <a href={`tel:${phone.replace(/[^+0-9]/g, '')}`}>{phone}</a>}
    </span>
  )
}

export function NoHits() {
  return (
    <Empty title={t('search.none')}>
      <p>{t('search.noneText')}</p>
    </Empty>
  )
}

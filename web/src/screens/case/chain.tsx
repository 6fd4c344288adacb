// The chain of ownership, drawn as a chain: from the maker to where the firearm was found. A gap between
// two known hands is drawn as a gap. The list is the drawing: it reads in order without sight too.
import type { Answer, ChainLink, Recovery } from '#api'
import { country, name } from '../../lib/codes'
import { partialDate } from '../../lib/format'
import { t, tx } from '../../lib/i18n'
import { Tag } from '../../kit/show'

const SHAPES: Record<string, string> = {
  manufacturer: 'M4 20V10l5 3v-3l5 3V6h4v14z',
  exporter: 'M4 12h12M11 7l5 5-5 5M19 5v14',
  importer: 'M20 12H8M13 7l-5 5 5 5M5 5v14',
  foreign_importer: 'M20 12H8M13 7l-5 5 5 5M5 5v14',
  wholesaler: 'M3 8l9-4 9 4v11H3zM3 8l9 4 9-4M12 12v7',
  retailer: 'M4 9h16l-1-4H5zM5 9v10h14V9M9 19v-6h6v6',
  purchaser: 'M12 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM5 20c0-4 3-6.5 7-6.5s7 2.5 7 6.5',
  end_user: 'M12 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM5 20c0-4 3-6.5 7-6.5s7 2.5 7 6.5',
  government_stock: 'M4 20h16M6 20V10M10 20V10M14 20V10M18 20V10M3 10l9-6 9 6z',
  found: 'M10 4a6 6 0 104.5 10l5.5 5.5M10 4a6 6 0 016 6',
}

function Shape({ role }: { role: string }) {
  return (
    <svg viewBox="0 0 24 24" class="chain-shape" aria-hidden="true">
      <path d={SHAPES[role] ?? SHAPES['retailer']} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round" stroke-linecap="round" />
    </svg>
  )
}

/** Between two hands nothing says that the one gave it to the other. */
function isGap(before: ChainLink, after: ChainLink | undefined): boolean {
  return !!after && (after.flags?.includes('gap_before') || (!before.disposed_on && !after.received_on))
}

export function Chain({ answer, recovery }: { answer: Pick<Answer, 'chain'>; recovery?: Recovery }) {
  if (answer.chain.length === 0) return null
  return (
    <ol class="chain" aria-label={t('chain.title')}>
      {answer.chain.map((link, i) => (
        <li key={i} class={isGap(link, answer.chain[i + 1]) ? 'chain-node gap' : 'chain-node'}>
          <Shape role={link.role} />
          <div class="chain-body">
            <span class="chain-role">
              {name('chain-roles', link.role)}
              {link.second_hand && <> · {t('chain.secondHand')}</>}
            </span>
            <strong>{link.party_name ?? t('chain.noName')}</strong>
            <span>{[link.party_place, country(link.party_country)].filter(Boolean).join(', ')}</span>
            {(link.received_on || link.disposed_on) && (
              <span class="chain-dates">
                {link.received_on && <>{t('chain.received', { date: partialDate(link.received_on) })} </>}
                {link.disposed_on && <>{t('chain.disposed', { date: partialDate(link.disposed_on) })}</>}
              </span>
            )}
            {link.party_licence && <span class="muted small">{t('chain.licence', { number: link.party_licence })}</span>}
            {link.document && <span class="muted small">{link.document}</span>}
            {link.source_record && <span class="muted small">{link.source_record}</span>}
            <span class="chain-marks">
              {link.confidence && <Tag tone={link.confidence === 'documented' ? 'green' : link.confidence === 'stated' ? 'blue' : 'yellow'}>{tx(`confidence.${link.confidence}`)}</Tag>}
              {link.flags?.filter((flag) => flag !== 'gap_before').map((flag) => (
                <Tag key={flag} tone="yellow">
                  {tx(`chainFlag.${flag}`, {}, flag)}
                </Tag>
              ))}
            </span>
            {isGap(link, answer.chain[i + 1]) && <span class="chain-gap">{t('chain.gap')}</span>}
          </div>
        </li>
      ))}
      {recovery && (recovery.recovered_on || recovery.country) && (
        <li class="chain-node found">
          <Shape role="found" />
          <div class="chain-body">
            <span class="chain-role">{t('chain.recovered')}</span>
            <strong>{[recovery.area, country(recovery.country)].filter(Boolean).join(', ')}</strong>
            {recovery.recovered_on && <span class="chain-dates">{partialDate(recovery.recovered_on)}</span>}
          </div>
        </li>
      )}
    </ol>
  )
}

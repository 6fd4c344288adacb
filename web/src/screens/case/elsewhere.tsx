// "Seen elsewhere": other requests about what looks like the same number. What lies with other agencies
// is never shown here; what the own agency has, is, with the number as it was written there.
import type { TraceRequest, TraceRequestList } from '#api'
import { Card, StateTag } from '../../kit/show'
import { get, query } from '../../lib/api'
import { t } from '../../lib/i18n'
import { can } from '../../lib/session'
import { useLoad } from '../../lib/use'
import { firearmTitle, ofRequest } from '../../lib/work'

export function SeenElsewhere({ serial, except, request }: { serial?: string; except?: string; request?: TraceRequest | null }) {
  const wanted = can('trace_list') && (serial ?? '').length >= 3 ? serial! : ''
  const hits = useLoad(`serial ${wanted}`, async (signal) =>
    wanted ? (await get<TraceRequestList>('/v1/trace-requests' + query({ serial: wanted, limit: 10 }), signal)).items.filter((item) => item.case_id !== except) : [],
  )
  const duplicates = request?.likely_duplicates ?? []
  const exact = (text?: string) => text?.replace(/[\s-]/g, '').toUpperCase() === wanted.replace(/[\s-]/g, '').toUpperCase()
  if (!wanted && duplicates.length === 0) return null
  return (
    <Card title={t('elsewhere.title')}>
      <p role="status" class={hits.data?.length ? '' : 'muted'}>
        {hits.loading && !hits.data ? t('state.loading') : t('elsewhere.count', { n: hits.data?.length ?? 0 })}
      </p>
      <ul class="hits">
        {(hits.data ?? []).map((item) => (
          <li key={item.case_id}>
            <a href={`/requests/${item.case_id}`}>{firearmTitle(ofRequest(item).firearm) || item.number}</a>
            <StateTag state={item.state} />
            <span class="mono small">
              {item.firearm.serial_raw} · {exact(item.firearm.serial_raw) ? t('elsewhere.same') : t('elsewhere.alike')}
            </span>
          </li>
        ))}
        {duplicates.map((one) => (
          <li key={`d${one.case_id}`}>
            <a href={`/requests/${one.case_id}`}>{one.number ?? one.case_id}</a>
            <span class="small">{t('elsewhere.duplicate')}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

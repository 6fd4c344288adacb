// Searching by serial number: what is asked for stands in the address, the server compares.
import type { SerialSearchResult } from '#api'
import { call } from './api'

export const SERIAL_NAMES = ['serial', 'make', 'calibre', 'type', 'weak'] as const
export type SerialFilters = Record<(typeof SERIAL_NAMES)[number], string>

/** `caseId`: the own request that is asked for; only with it are other agencies' cases pointed at. */
export async function searchSerial(asked: Partial<SerialFilters> & { caseId?: string }, signal?: AbortSignal): Promise<SerialSearchResult> {
  const body: Record<string, unknown> = { serial: asked.serial }
  if (asked.make) body['make_text'] = asked.make
  if (asked.calibre) body['calibre_text'] = asked.calibre
  if (asked.type) body['type_code'] = asked.type
  // With the number alone even the same one is but a weak match: all are asked for, neighbours are not shown.
  const alone = !asked.make && !asked.calibre && !asked.type
  if (asked.weak || alone) body['show_weak'] = true
  if (asked.caseId) body['case_id'] = asked.caseId
  const found = (await call<SerialSearchResult>('POST', '/v1/serial-search', { body, signal })).data
  if (asked.weak) return found
  const items = found.items.filter((item) => item.band !== 'NEIGHBOUR')
  return { ...found, items, not_shown: found.not_shown + found.items.length - items.length }
}

/** Whether it is worth asking while somebody types: the rule for whole numbers, three signs that are known. */
export const enough = (serial: string | undefined): boolean => (serial ?? '').replace(/[^\p{L}\p{N}]/gu, '').length >= 3

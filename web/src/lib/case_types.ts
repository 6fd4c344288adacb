// Definitions of the declared case types, as the server has them: objects, states, fields, steps and
// links, named in four languages. Fetched once a type when first needed.
import type { Case, CaseType, CaseTypeList, Texts } from '#api'
import { get } from './api'
import { name } from './codes'
import { language } from './i18n'
import { store } from './store'

export type TypeObject = CaseType['objects'][number]
export type TypeField = TypeObject['fields'][number]
export type Transition = CaseType['transitions'][number]
export type CaseObject = Case['objects'][number]
export type Signal = NonNullable<Case['signals']>[number]

export const label = (texts: Texts | undefined): string => texts?.[language.get()] ?? ''

const types = new Map<string, CaseType>()
/** Names of the types that cases are opened of here; requests and the register have screens of their own. */
export const typeNames = store<CaseTypeList['items']>([])
const OTHERS = ['trace_request', 'illicit_record']

export async function readTypes(signal?: AbortSignal): Promise<CaseTypeList['items']> {
  if (typeNames.get().length === 0) {
    const found = await get<CaseTypeList>('/v1/case-types', signal)
    typeNames.set(found.items.filter((item) => !OTHERS.includes(item.type)))
  }
  return typeNames.get()
}
export const typeOptions = () =>
  typeNames.get().map((item) => ({ value: item.type, label: label(item.title) })).sort((a, b) => a.label.localeCompare(b.label, language.get()))
export const typeName = (type: string): string => label(typeNames.get().find((item) => item.type === type)?.title) || type

/** A case runs by its own version; new cases by the one that the agency opens cases under (0). */
export async function readType(type: string, version = 0, signal?: AbortSignal): Promise<CaseType> {
  const key = `${type} ${version}`
  const known = types.get(key)
  if (known) return known
  const found = await get<CaseType>(`/v1/case-types/${type}${version > 0 ? `?version=${version}` : ''}`, signal)
  types.set(key, found)
  return found
}

export const objectOf = (type: CaseType, object: string): TypeObject | undefined => type.objects.find((one) => one.name === object)
export const rootOf = (type: CaseType): TypeObject => type.objects[0]!
export const objectLabel = (type: CaseType, object: string): string => label(objectOf(type, object)?.label) || object
export const stateLabel = (type: CaseType, object: string, state: string): string =>
  label(objectOf(type, object)?.states.find((one) => one.name === state)?.label) || state
export const fieldOf = (type: CaseType, object: string, field: string): TypeField | undefined =>
  objectOf(type, object)?.fields.find((one) => one.name === field)
export const linkLabel = (type: CaseType, kind: string): string => label(type.links.find((one) => one.name === kind)?.label) || kind
/** "prepare.sell" is the first half of what two persons do. */
export const eventLabel = (event: string): string => name('case_event', event.replace(/^prepare\./, ''))

/** What a step from this state asks for: inputs of every transition that its event may be. */
export function transitionsOf(type: CaseType, object: string, event: string, state: string): Transition[] {
  return type.transitions.filter((one) => one.object === object && one.event === event && (one.from.length === 0 ? state === '' : one.from.includes(state)))
}

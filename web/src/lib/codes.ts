// Code lists of the server with their names in four languages, fetched once when first needed.
import type { CodeList } from '#api'
import { get } from './api'
import { language } from './i18n'
import { store } from './store'

type Items = CodeList['items']
const lists = new Map<string, Items>()
const asked = new Set<string>()
/** Counts arrivals: whoever shows names draws again. */
export const arrivals = store(0)

export function codes(list: string): Items {
  const found = lists.get(list)
  if (found) return found
  if (!asked.has(list)) {
    asked.add(list)
    get<CodeList>(`/v1/code-lists/${list}`).then(
      (read) => {
        lists.set(list, read.items)
        arrivals.set(arrivals.get() + 1)
      },
      () => asked.delete(list),
    )
  }
  return []
}

const named = (item: Items[number]): string => item.names[language.get()]

export function name(list: string, code: string | undefined): string {
  if (!code) return ''
  const item = codes(list).find((one) => one.code === code)
  return item ? named(item) : code
}

export interface Option {
  value: string
  label: string
  group?: string
}

export const options = (list: string): Option[] =>
  codes(list).map((item) => ({ value: item.code, label: named(item), group: item.group }))

export function country(code: string | undefined): string {
  return name('countries', code)
}
export const countryOptions = (): Option[] =>
  options('countries').sort((a, b) => a.label.localeCompare(b.label, language.get()))

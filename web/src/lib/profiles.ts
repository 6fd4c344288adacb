// What the columns of a file mean is the server's to say (config/reference/import_profiles.csv); here
// it is guessed from the first line which of its profiles a file has, and a template is made.
import profiles from 'catalog:profiles'

export const PROFILES = Object.keys(profiles)
/** Fits any sheet that has a column with serial numbers. */
export const OWN = 'sheet'

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase()

/** Headings of the template, those of the catalogue. */
export const templateOf = (profile: string): string[] => (profiles[profile] ?? []).map((rule) => rule.column)

/** The most demanding profile that the heading fulfils; none: our own, which then says what is missing. */
export function profileOf(heading: string[]): string {
  const fulfilled = PROFILES.filter((name) =>
    profiles[name]!.every((rule) => !rule.required || heading.some((one) => [rule.column, ...rule.also].some((known) => same(known, one)))),
  )
  const demand = (name: string) => profiles[name]!.filter((rule) => rule.required).length
  return fulfilled.sort((a, b) => demand(b) - demand(a))[0] ?? OWN
}

// What a list shows, as a file for a spreadsheet (RFC 4180, UTF-8 with its mark). Cells that a
// spreadsheet would take for a formula begin with an apostrophe.
export function csvText(rows: (string | number | undefined)[][]): string {
  const cell = (value: string | number | undefined): string => {
    let text = value === undefined ? '' : String(value)
    if (/^[=+\-@\t\r]/.test(text)) text = `'${text}`
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return '\ufeff' + rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n'
}

export function save(name: string, content: string | Blob, type = 'text/csv;charset=utf-8'): void {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

/** Bytes as text. Spreadsheets still write the code page of their system: what is not UTF-8 is read as Windows-1252. */
export function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** Where a comma divides decimals, spreadsheets put semicolons between cells; others put tabs. The first line tells. */
function separatorOf(source: string): string {
  const head = (source.split('\n', 1)[0] ?? '').replace(/"[^"]*"/g, '')
  return [',', ';', '\t'].reduce((a, b) => (head.split(b).length > head.split(a).length ? b : a))
}

/** The records of a CSV file. Line numbers from 1, of each record's first line. */
export function parseCsv(text: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = []
  const source = text.replace(/^\ufeff/, '')
  const separator = separatorOf(source)
  let cells: string[] = []
  let cell = ''
  let quoted = false
  let line = 1
  let start = 1
  const endRow = () => {
    cells.push(cell)
    if (cells.length > 1 || cell !== '') rows.push({ line: start, cells })
    cells = []
    cell = ''
    start = line
  }
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!
    if (c === '\n') line++
    if (quoted) {
      if (c !== '"') cell += c
      else if (source[i + 1] === '"') cell += source[++i]
      else quoted = false
    } else if (c === '"' && cell === '') quoted = true
    else if (c === separator) {
      cells.push(cell)
      cell = ''
    } else if (c === '\n') endRow()
    else if (c !== '\r') cell += c
  }
  if (cell !== '' || cells.length > 0) endRow()
  return rows
}

/** `rows` in parts of at most `most` rows and about `size` characters, in order; a longer row is a part of its own. */
export function parts<Row extends { cells: string[] }>(rows: Row[], most: number, size: number): Row[][] {
  const found: Row[][] = []
  let room = 0
  for (const row of rows) {
    const length = row.cells.reduce((sum, cell) => sum + cell.length, 0)
    const last = found.at(-1)
    if (last && last.length < most && length <= room) {
      last.push(row)
      room -= length
    } else {
      found.push([row])
      room = size - length
    }
  }
  return found
}

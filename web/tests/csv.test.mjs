import assert from 'node:assert/strict'
import { test } from 'node:test'
import { load } from './load.mjs'

const { csvText, parseCsv } = await load('csv')

test('a list becomes RFC 4180 with a mark, and reads back as it was', () => {
  const rows = [
    ['number', 'make'],
    ['XA-2026-0001', 'Müller, "Söhne"'],
    ['XA-2026-0002', 'two\nlines'],
  ]
  const text = csvText(rows)
  assert.ok(text.startsWith('\ufeff'))
  assert.deepEqual(
    parseCsv(text).map((row) => row.cells),
    rows,
  )
})

test('no cell is a formula to a spreadsheet', () => {
  for (const start of ['=', '+', '-', '@', '\t', '\r']) {
    const [cell] = parseCsv(csvText([[`${start}HYPERLINK(1)`, 'x']]))[0].cells
    assert.ok(cell.startsWith("'"), JSON.stringify(start))
  }
  assert.equal(csvText([[undefined, 7]]), '\ufeff,7\r\n')
})

test('a record knows the line it began on, quoted line ends and empty lines counted', () => {
  assert.deepEqual(parseCsv('a,b\r\n"1\n2",3\n\n4,5'), [
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['1\n2', '3'] },
    { line: 5, cells: ['4', '5'] },
  ])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { load } from './load.mjs'

const { csvText, parseCsv, parts, profileOf, templateOf, textOf } = await load('csv', 'profiles')

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

test('semicolons and tabs divide where the first line has more of them; old code pages are read', () => {
  assert.deepEqual(parseCsv('serial;calibre\r\nA1;7,62\r\n')[1].cells, ['A1', '7,62'])
  assert.deepEqual(parseCsv('serial\tcalibre\nA1\t7,62\n')[1].cells, ['A1', '7,62'])
  assert.deepEqual(parseCsv('"a;b;c",d\n1;2,3\n')[1].cells, ['1;2', '3'])
  assert.equal(textOf(new Uint8Array([0x4d, 0xfc, 0x6c]).buffer), 'Mül')
  assert.equal(textOf(new TextEncoder().encode('Mül').buffer), 'Mül')
})

test('rows go out in parts that a body can hold, none lost, in order', () => {
  const rows = ['aa', 'bb', 'ccccccccc', 'd', 'e', 'f'].map((text, line) => ({ line, cells: [text] }))
  const cut = parts(rows, 2, 5)
  assert.deepEqual(cut.map((part) => part.length), [2, 1, 2, 1])
  assert.deepEqual(cut.flat(), rows)
})

test('the heading tells what kind of sheet it is', () => {
  assert.equal(profileOf(templateOf('court-case')), 'court-case')
  assert.equal(profileOf(templateOf('sheet')), 'sheet')
  assert.equal(profileOf(['Marca', 'SERIAL ']), 'sheet')
  assert.equal(profileOf(['nothing', 'known']), 'sheet')
})

import { describe, expect, test } from 'vitest'
import type { Cell } from '../../model.ts'
import { columnIndex } from '../address.ts'
import { Calculation } from '../calculation.ts'
import { CellError, fault, type Scalar } from './values.ts'

/** A sheet of values and formulas by cell, with two more sheets and a name to refer to. */
function book(cells: Readonly<Record<string, unknown>>): Calculation {
  const sheet = (sheetId: number, title: string, content: Readonly<Record<string, unknown>>) => {
    const rows: (Cell | null)[][] = Array.from({ length: 40 }, () => [])
    for (const [name, value] of Object.entries(content)) {
      const [, letters = '', digits = ''] = /^([A-Z]+)(\d+)$/.exec(name) ?? []
      const row = rows[Number(digits) - 1] ?? []
      const column = columnIndex(letters)
      while (row.length <= column) row.push(null)
      row[column] = { userEnteredValue: entered(value) }
    }
    return { sheetId, title, rowCount: 40, columnCount: 10, rows, tables: [], hidden: () => undefined }
  }
  return new Calculation({
    localeName: 'en_US',
    now: 45000.5,
    seed: 7,
    importRange: () => fault('REF'),
    namedRanges: [
      {
        namedRangeId: '1',
        name: 'Rates',
        range: { startRowIndex: 0, endRowIndex: 3, startColumnIndex: 0, endColumnIndex: 1 },
      },
    ],
    sheets: [sheet(0, 'Sheet1', cells), sheet(5, 'Other Data', { A1: 100, A2: 'x' })],
  })
}
const entered = (value: unknown) =>
  typeof value === 'number'
    ? { numberValue: value }
    : typeof value === 'boolean'
      ? { boolValue: value }
      : String(value).startsWith('=')
        ? { formulaValue: String(value) }
        : { stringValue: String(value) }

const DATA = {
  A1: 1,
  A2: 3,
  A3: 5,
  B1: 2,
  B2: 4,
  B3: 6,
  C1: 'apple',
  C2: 'Banana',
  C3: 'cherry',
  D1: true,
  D2: 'x y z',
  E1: 10,
  E2: 10,
  E3: 20,
}

const plain = (value: Scalar) => (value instanceof CellError ? `${value.code} ${value.message}`.trim() : value)
/** Values a formula fills from its cell on, blanks at the ends cut off. */
function spilled(formula: string): unknown {
  const values = book({ ...DATA, G11: formula }).read(0, { top: 10, left: 6, bottom: 20, right: 10 })
  const rows = values.rows
    .map((row) => row.map(plain))
    .map((row) => row.slice(0, row.findLastIndex((value) => value !== null) + 1))
  const used = rows.slice(0, rows.findLastIndex((row) => row.length > 0) + 1)
  return used.length === 1 && used[0]?.length === 1 ? used[0][0] : used
}

describe('formulas', () => {
  test.each<[string, unknown]>([
    // operators
    ['=1+2*3', 7],
    ['=-2^2', 4],
    ['=2^3^2', 64],
    ['=50%', 0.5],
    ['="5"+1', 6],
    ['="a"&1&TRUE', 'a1TRUE'],
    ['="x"&DATE(2024,1,2)', 'x1/2/2024'],
    ['="a"="A"', true],
    ['=EXACT("a","A")', false],
    ['=1<"a"', true],
    ['="a"<TRUE', true],
    ['=J1=""', true],
    ['=J1=0', true],
    ['=ISBLANK("")', false],
    ['=0.1+0.2', 0.1 + 0.2],
    ["='Other Data'!A1+1", 101],
    ['=SUM(Rates)', 9],
    // errors
    ['=1/0', '#DIV/0! Function DIVIDE parameter 2 cannot be zero.'],
    [
      '="a"+1',
      "#VALUE! Function ADD parameter 1 expects number values. But 'a' is a text and cannot be coerced to a number.",
    ],
    ['=NotARealFunction(1)', "#NAME? Unknown function: 'NotARealFunction'."],
    ['=nowhere', "#NAME? Unknown range name: 'NOWHERE'."],
    ['=SQRT(-1)', '#NUM! Function SQRT parameter 1 value is negative. It should be positive or zero.'],
    ['=NA()', '#N/A'],
    ['=#REF!+1', '#REF! Reference does not exist.'],
    ['=1 2', '#ERROR! Formula parse error.'],
    ['=A1 A2', '#ERROR! Formula parse error.'],
    ['=SUM()', '#N/A Wrong number of arguments to SUM. Expected at least 1 arguments, but got 0 arguments.'],
    ['=IF(1)', '#N/A Wrong number of arguments to IF. Expected between 2 and 3 arguments, but got 1 arguments.'],
    ['=VLOOKUP("nope",C1:D3,2,FALSE)', "#N/A Did not find value 'nope' in VLOOKUP evaluation."],
    ['=VLOOKUP("apple",C1:D3,9,FALSE)', '#REF! VLOOKUP evaluates to an out of bounds range.'],
    ['=FILTER(A1:A3,A1:A3>9)', '#N/A No matches are found in FILTER evaluation.'],
    ['=G11', '#REF! Circular dependency detected. To resolve with iterative calculation, see File > Settings.'],
    ['=LAMBDA(x,x)', '#N/A Function LAMBDA should be followed by a call containing the actual values.'],
    ['=A1:A3', '#VALUE! An array value could not be found.'],
    ['=IFERROR(1/0,"caught")', 'caught'],
    ['=IFNA(NA(),1)', 1],
    // math and aggregates
    ['=SUM(A1:B3,"4")', 25],
    ['=SUM(A1:D3)', 21],
    ['=AVERAGE(A1:A3)', 3],
    ['=COUNT(A1:D3)', 6],
    ['=COUNTA(A1:D3)', 11],
    ['=MAX(A1:B3)', 6],
    ['=MEDIAN(A1:B3)', 3.5],
    ['=ROUND(2.345,2)', 2.35],
    ['=ROUND(-2.5)', -3],
    ['=MOD(-3,2)', 1],
    ['=SUMPRODUCT(A1:A3,B1:B3)', 44],
    ['=SUMPRODUCT((A1:A3>1)*B1:B3)', 10],
    ['=STDEV(A1:A3)', 2],
    ['=PERCENTILE(A1:A3,0.25)', 2],
    ['=SUMIF(A1:A3,">1",B1:B3)', 10],
    ['=SUMIFS(B1:B3,E1:E3,10,A1:A3,">1")', 4],
    ['=COUNTIF(C1:C3,"*an*")', 1],
    ['=COUNTIF(C1:C3,"<>apple")', 2],
    ['=AVERAGEIF(E1:E3,10,B1:B3)', 3],
    ['=COUNTUNIQUE(E1:E3)', 2],
    ['=ROUND(PMT(0.05/12,60,10000),2)', -188.71],
    // lookup
    ['=VLOOKUP("banana",C1:E3,3,FALSE)', 10],
    ['=INDEX(A1:B3,2,2)', 4],
    ['=MATCH("b*",C1:C3,0)', 2],
    ['=XLOOKUP("cherry",C1:C3,B1:B3)', 6],
    ['=XLOOKUP("kiwi",C1:C3,B1:B3,"none")', 'none'],
    ['=SUM(OFFSET(A1,1,0,2,2))', 18],
    ['=SUM(INDIRECT("A1:A"&3))', 9],
    ['=SUM(A1:INDEX(A1:A3,2))', 4],
    // text and dates
    ['=TEXTJOIN("-",TRUE,C1:C3)', 'apple-Banana-cherry'],
    ['=REGEXEXTRACT("ab123","\\d+")', '123'],
    ['=REGEXREPLACE("2024-01","(\\d+)-(\\d+)","$2/$1")', '01/2024'],
    ['=TEXT(1234.5,"#,##0.00")', '1,234.50'],
    ['=TEXT(DATE(2024,3,9),"yyyy-mm-dd")', '2024-03-09'],
    ['=PROPER("o\'neil mc ab")', "O'neil Mc Ab"],
    ['=DATEDIF(DATE(2020,1,31),DATE(2024,3,1),"M")', 49],
    ['=EOMONTH(DATE(2024,1,15),1)-DATE(2024,2,1)', 28],
    ['=NETWORKDAYS(DATE(2024,1,1),DATE(2024,1,10))', 8],
    ['=WEEKDAY(DATE(2024,1,1))', 2],
    ['=TODAY()', 45000],
    // arrays
    ['=ARRAYFORMULA(A1:A3*10)', [[10], [30], [50]]],
    ['=ARRAYFORMULA(IF(A1:A3>1,C1:C3,"-"))', [['-'], ['Banana'], ['cherry']]],
    [
      '={1,2;3,4}',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['={A1:A2;B1:B2}', [[1], [3], [2], [4]]],
    [
      '=FILTER(A1:B3,A1:A3>1)',
      [
        [3, 4],
        [5, 6],
      ],
    ],
    ['=SORT(C1:C3,1,FALSE)', [['cherry'], ['Banana'], ['apple']]],
    ['=UNIQUE(E1:E3)', [[10], [20]]],
    [
      '=SEQUENCE(2,2)',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['=TRANSPOSE(A1:A3)', [[1, 3, 5]]],
    ['=SPLIT(D2," ")', [['x', 'y', 'z']]],
    ['=MAP(A1:A3,LAMBDA(v,v*v))', [[1], [9], [25]]],
    ['=REDUCE(0,A1:A3,LAMBDA(t,v,t+v))', 9],
    ['=BYROW(A1:B3,LAMBDA(r,SUM(r)))', [[3], [7], [11]]],
    ['=LET(n,2,m,n*3,n+m)', 8],
    ['=LAMBDA(x,y,x-y)(5,3)', 2],
    [
      '=QUERY(A1:E3,"select E, sum(B) group by E label sum(B) \'total\'",0)',
      [
        ['', 'total'],
        [10, 6],
        [20, 6],
      ],
    ],
    ['=QUERY(A1:C3,"select C where A >= 3 order by A desc limit 1",0)', 'cherry'],
    [
      '=QUERY(A1:C3,"select nope")',
      '#VALUE! Unable to parse query string for Function QUERY parameter 2: NO_COLUMN: nope',
    ],
  ])('%s', (formula, expected) => expect(spilled(formula)).toEqual(expected))

  test('an array that has no room names the cell in its way, and a sheet too narrow', () => {
    const values = book({ A1: '=SEQUENCE(3)', A3: 'here', J1: '={1,2}' })
    expect(plain(values.result(0, 0, 0).value)).toBe(
      '#REF! Array result was not expanded because it would overwrite data in A3.',
    )
    expect(plain(values.result(0, 0, 9).value)).toBe(
      '#REF! Result was not automatically expanded, please insert more columns (1).',
    )
  })

  test('formulas see what others spill, and a range read before its array is filled', () => {
    const values = book({ C1: '=SUM(A1:B2)', A1: '={1,2;3,4}', D1: '=B2' })
    expect(values.result(0, 0, 2).value).toBe(10)
    expect(values.result(0, 0, 3).value).toBe(4)
  })

  test('a formula on a range takes the cell of its own row', () => {
    expect(book({ A1: 1, A2: 2, B2: '=A1:A3*10' }).result(0, 1, 1).value).toBe(20)
  })

  test('dates stay dates through references, sums and differences of days', () => {
    const values = book({ A1: '=DATE(2024,1,2)', A2: '=A1+1', A3: '=A2-A1', A4: '=MAX(A1:A2)', A5: '=NOW()' })
    expect([0, 1, 2, 3, 4].map((row) => values.result(0, row, 0).format?.type)).toEqual([
      'DATE',
      'DATE',
      undefined,
      'DATE',
      'DATE_TIME',
    ])
  })

  test('a cycle through several cells is an error in all of them', () => {
    const values = book({ A1: '=B1', B1: '=C1', C1: '=A1' })
    for (const column of [0, 1, 2]) expect(plain(values.result(0, 0, column).value)).toMatch(/^#REF! Circular/)
  })
})

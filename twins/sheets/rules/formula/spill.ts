import type { Node } from './parser.ts'

/** Functions whose result may be a table. */
const ARRAYS = new Set(
  `ARRAYFORMULA FILTER SORT SORTN UNIQUE TRANSPOSE SEQUENCE RANDARRAY SPLIT FLATTEN QUERY IMPORTRANGE MMULT MUNIT FREQUENCY
   LINEST LOGEST TREND GROWTH MAP BYROW BYCOL MAKEARRAY SCAN REDUCE REGEXEXTRACT VSTACK HSTACK TAKE DROP CHOOSEROWS CHOOSECOLS
   TOCOL TOROW WRAPROWS WRAPCOLS ARRAY_CONSTRAIN INDEX OFFSET INDIRECT XLOOKUP MODE.MULT MINVERSE GOOGLEFINANCE IMPORTDATA
   IMPORTHTML IMPORTXML IMPORTFEED`.split(/\s+/),
)
/** Functions that hand on one of their arguments. */
const CHOICES = new Set(['IF', 'IFS', 'IFERROR', 'IFNA', 'SWITCH', 'CHOOSE', 'LET', 'LAMBDA'])

/** Whether a formula can fill more than its own cell. Says yes when in doubt. */
export function maySpill(node: Node): boolean {
  switch (node.kind) {
    case 'array':
      return true
    case 'call':
      return ARRAYS.has(node.name) || (CHOICES.has(node.name) && node.args.some(maySpill))
    case 'invoke':
      return true
    case 'negate':
    case 'plus':
      return maySpill(node.operand)
    default:
      return false
  }
}

import * as formulajs from '@formulajs/formulajs'
import { matrixOf } from '../coerce.ts'
import { define, functions } from '../registry.ts'
import {
  CellError,
  ERROR_CODES,
  type ErrorType,
  Fault,
  fault,
  Matrix,
  Reference,
  type Scalar,
  type Value,
} from '../values.ts'

/** Pure numeric functions whose arithmetic comes from formulajs: finance, distributions, engineering, databases. */
const FINANCE =
  'ACCRINT COUPDAYS CUMIPMT CUMPRINC DB DDB DISC DOLLARDE DOLLARFR EFFECT FV FVSCHEDULE IPMT IRR ISPMT MIRR NOMINAL NPER NPV PDURATION PMT PPMT PRICEDISC PV RATE RRI SLN SYD TBILLEQ TBILLPRICE TBILLYIELD XIRR XNPV'
const DISTRIBUTIONS =
  'BETADIST BETAINV BINOMDIST CHIDIST CHIINV CONFIDENCE CRITBINOM EXPONDIST FDIST FINV FISHER FISHERINV GAMMA GAMMADIST GAMMAINV GAMMALN GAUSS HYPGEOMDIST KURT LOGINV LOGNORMDIST NEGBINOMDIST NORMDIST NORMINV NORMSDIST NORMSINV PERMUTATIONA PHI POISSON PROB SKEW STANDARDIZE STEYX TDIST TINV TRIMMEAN WEIBULL ZTEST TTEST FTEST CHITEST'
const ENGINEERING =
  'BIN2DEC BIN2HEX BIN2OCT BITAND BITLSHIFT BITOR BITRSHIFT BITXOR COMPLEX CONVERT DEC2BIN DEC2HEX DEC2OCT DELTA ERF ERFC GESTEP HEX2BIN HEX2DEC HEX2OCT IMABS IMAGINARY IMARGUMENT IMCONJUGATE IMCOS IMDIV IMEXP IMLN IMLOG10 IMLOG2 IMPOWER IMPRODUCT IMREAL IMSIN IMSQRT IMSUB IMSUM OCT2BIN OCT2DEC OCT2HEX'
const OTHER =
  'COMBINA FACTDOUBLE MULTINOMIAL SERIESSUM SKEWP GROWTH LINEST LOGEST TREND DAVERAGE DCOUNT DCOUNTA DGET DMAX DMIN DPRODUCT DSTDEV DSTDEVP DSUM DVAR DVARP'

/** Names with a point, and the function of formulajs that computes them. */
const DOTTED: Readonly<Record<string, string>> = {
  'BETA.DIST': 'BETADIST',
  'BETA.INV': 'BETAINV',
  'BINOM.DIST': 'BINOMDIST',
  'CHISQ.INV.RT': 'CHIINV',
  'CHISQ.DIST.RT': 'CHIDIST',
  'CONFIDENCE.NORM': 'CONFIDENCE',
  'EXPON.DIST': 'EXPONDIST',
  'F.DIST.RT': 'FDIST',
  'F.INV.RT': 'FINV',
  'GAMMA.DIST': 'GAMMADIST',
  'GAMMA.INV': 'GAMMAINV',
  'GAMMALN.PRECISE': 'GAMMALN',
  'LOGNORM.INV': 'LOGINV',
  'NORM.DIST': 'NORMDIST',
  'NORM.INV': 'NORMINV',
  'NORM.S.INV': 'NORMSINV',
  'POISSON.DIST': 'POISSON',
  'SKEW.P': 'SKEWP',
  'WEIBULL.DIST': 'WEIBULL',
  'ERF.PRECISE': 'ERF',
  'ERFC.PRECISE': 'ERFC',
}

type Leaf = (...args: unknown[]) => unknown
const library = formulajs as unknown as Readonly<Record<string, Leaf | undefined>> // its typings name each export

for (const name of `${FINANCE} ${DISTRIBUTIONS} ${ENGINEERING} ${OTHER}`.split(' ')) delegate(name, name)
for (const [name, source] of Object.entries(DOTTED)) delegate(name, source)

function delegate(name: string, source: string): void {
  const leaf = library[source]
  if (typeof leaf !== 'function' || functions.has(name)) return
  define(name, 'r r*', (_, ...args) => resultOf(leaf(...args.map(argument)), name))
}

function argument(value: Value | undefined): unknown {
  if (value === undefined || value === null) return undefined
  if (value instanceof Matrix || value instanceof Reference) {
    const matrix = matrixOf(value)
    for (const cell of matrix.flat()) if (cell instanceof CellError) throw new Fault(cell)
    return matrix.height * matrix.width === 1 ? matrix.at(0, 0) : matrix.rows.map((row) => [...row])
  }
  if (value instanceof CellError) throw new Fault(value)
  return value
}

function resultOf(result: unknown, name: string): Value {
  if (result instanceof Error) {
    const type = (Object.keys(ERROR_CODES) as ErrorType[]).find((key) => ERROR_CODES[key] === result.message) ?? 'VALUE'
    return fault(type, `Function ${name} evaluates to an out of range value.`)
  }
  if (Array.isArray(result))
    return new Matrix(result.map((row) => (Array.isArray(row) ? (row as Scalar[]) : [row as Scalar])))
  if (typeof result === 'number')
    return Number.isFinite(result) ? result : fault('NUM', `Function ${name} evaluates to an out of range value.`)
  return typeof result === 'string' || typeof result === 'boolean' ? result : null
}

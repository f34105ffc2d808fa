import { define } from '../registry.ts'
import { fault, type Value } from '../values.ts'

// Functions that fetch from the web: a twin has no web, so they answer as Sheets does when nothing comes back.

define('GOOGLEFINANCE', 's s? r? r? r?', (_, symbol) =>
  fault('N_A', `When evaluating GOOGLEFINANCE, the query for the symbol: '${symbol}' returned no data.`),
)
define('GOOGLETRANSLATE', 's s? s?', (_, text): Value => text)
define('DETECTLANGUAGE', 'r', () => 'en')
for (const name of ['IMPORTXML', 'IMPORTHTML', 'IMPORTFEED', 'IMPORTDATA']) {
  define(name, 's r*', () => fault('N_A', 'Could not fetch url.'))
}

import { googleDialect } from '../google/index.ts'
import { sheetsContract } from './contract.ts'
import type { SheetsTables } from './tables.ts'

/** The proto field a body is bound to, which starts the paths in error texts. */
const BODY_FIELDS: Readonly<Record<string, string>> = {
  'sheets.spreadsheets.create': 'spreadsheet',
  'sheets.spreadsheets.values.update': 'data',
  'sheets.spreadsheets.values.append': 'values',
}

/** Types whose full name is not the package and their schema's name. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  Request: 'google.apps.sheets.v4.BatchUpdateSpreadsheetRequest.Request',
}

export const dialect = googleDialect<SheetsTables>({
  name: 'sheets',
  title: 'Google Sheets API',
  envelope: 'canonical',
  contract: sheetsContract,
  protoPackage: 'google.apps.sheets.v4',
  unknownNames: 'refuse',
  bodyField: ({ operationId }) => BODY_FIELDS[operationId],
  typeName: (schema, field) =>
    schema ? TYPE_NAMES[schema] : field === 'values' ? 'google.protobuf.ListValue' : undefined,
  headers: {
    vary: 'Origin, X-Origin, Referer',
    'cache-control': 'private',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'x-xss-protection': '0',
    server: 'ESF',
  },
  quotas: ({ caller, request }) => {
    const kind = request.method === 'GET' ? 'read' : 'write'
    return [{ key: `${caller?.user?.id ?? 'key'} ${kind}`, limit: 60, window: 60_000 }]
  },
})

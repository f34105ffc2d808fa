import { googleDialect } from '../google/index.ts'
import { docsContract } from './contract.ts'
import type { DocsTables } from './tables.ts'

/** Enum types whose name in error texts is not that of their field. */
const ENUM_TYPES: Readonly<Record<string, string>> = {
  bullet_preset: 'CreateParagraphBulletsRequest.BulletGlyphPreset',
  write_mode: 'WriteControl.WriteMode',
  image_replace_method: 'ReplaceImageRequest.ImageReplaceMethod',
  unit: 'Dimension.Unit',
  alignment: 'ParagraphStyle.Alignment',
  spacing_mode: 'ParagraphStyle.SpacingMode',
  direction: 'ContentDirection',
  baseline_offset: 'TextStyle.BaselineOffset',
  content_alignment: 'TableCellStyle.ContentAlignment',
  width_type: 'TableColumnProperties.WidthType',
  type: 'HeaderFooterType',
}

export const dialect = googleDialect<DocsTables>({
  name: 'docs',
  title: 'Google Docs API',
  envelope: 'canonical',
  contract: docsContract,
  protoPackage: 'google.apps.docs.v1',
  unknownNames: 'refuse',
  bodyField: ({ operationId }) => (operationId === 'docs.documents.create' ? 'document' : undefined),
  typeName: (schema, field) => {
    const name = schema ? undefined : ENUM_TYPES[field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]
    return name && `google.apps.docs.v1.${name}`
  },
  headers: {
    vary: 'Origin, X-Origin, Referer',
    'cache-control': 'private',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'x-xss-protection': '0',
    server: 'ESF',
  },
  quotas: ({ caller, request }) => {
    const read = request.method === 'GET'
    return [{ key: `${caller?.user?.id ?? 'key'} ${read ? 'read' : 'write'}`, limit: read ? 300 : 60, window: 60_000 }]
  },
})

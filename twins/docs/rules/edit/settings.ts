import type { UpdateDocumentStyleRequest, UpdateNamedStyleRequest } from '../../../../openapi/types/docs.ts'
import { refuse } from '../model/refused.ts'
import type { NamedStyle } from '../model/types.ts'
import type { Draft } from './draft.ts'
import { applyMask, fieldMask } from './masks.ts'

/** What holds for a whole tab: page setup and named styles. */

const READ_ONLY = /(Header|Footer)Id$/

export function updateDocumentStyle(draft: Draft, request: UpdateDocumentStyleRequest): void {
  const tab = draft.tab(request.tabId)
  const mask = new Map(fieldMask(request.fields, 'DocumentStyle'))
  const given = request.documentStyle ?? {}
  for (const name of mask.keys()) {
    if (!READ_ONLY.test(name)) continue
    if (request.fields?.trim() !== '*') throw refuse(`Invalid field: ${name} is read-only.`)
    mask.delete(name)
  }
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith('margin') && ((value as { magnitude?: number }).magnitude ?? 0) < 0) {
      throw refuse('Margins must not be negative.')
    }
  }
  if (mask.has('pageSize') && given.pageSize) {
    const { width, height } = given.pageSize
    if (!width?.magnitude || !height?.magnitude) throw refuse('The page size must be greater than zero.')
  }
  const styled = applyMask(tab.documentStyle, given, mask)
  // Setting a header or footer margin switches custom margins on, as in the editor.
  const custom = (mask.has('marginHeader') || mask.has('marginFooter')) && { useCustomHeaderFooterMargins: true }
  draft.patchTab(tab.tabId, { documentStyle: { ...styled, ...custom, background: styled.background ?? { color: {} } } })
}

export function updateNamedStyle(draft: Draft, request: UpdateNamedStyleRequest): void {
  const tab = draft.tab(request.tabId)
  const given = request.namedStyle ?? {}
  const paths = (request.fields ?? '')
    .split(',')
    .map((path) => path.trim().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))
  fieldMask(request.fields, 'NamedStyle')
  const all = paths.includes('*')
  const { namedStyleType } = given
  if (
    (!all && !paths.includes('namedStyleType')) ||
    !namedStyleType ||
    namedStyleType === 'NAMED_STYLE_TYPE_UNSPECIFIED'
  ) {
    throw refuse('The named style type must be specified in the fields.')
  }
  /** `textStyle` beside `textStyle.bold` only opens the member; alone it means all of it. */
  const part = (member: 'textStyle' | 'paragraphStyle', schema: string) => {
    const inner = paths.filter((path) => path.startsWith(`${member}.`)).map((path) => path.slice(member.length + 1))
    if (inner.length > 0) return fieldMask(inner.join(','), schema)
    return all || paths.includes(member) ? fieldMask('*', schema) : new Map<string, undefined>()
  }
  const namedStyles = tab.namedStyles.map((style): NamedStyle => {
    if (style.namedStyleType !== namedStyleType) return style
    const { namedStyleType: base, direction } = style.paragraphStyle
    return {
      ...style,
      textStyle: applyMask(style.textStyle, given.textStyle, part('textStyle', 'TextStyle')),
      paragraphStyle: {
        ...applyMask(style.paragraphStyle, given.paragraphStyle, part('paragraphStyle', 'ParagraphStyle')),
        namedStyleType: base,
        direction: given.paragraphStyle?.direction ?? direction,
      },
    }
  })
  draft.patchTab(tab.tabId, { namedStyles })
}

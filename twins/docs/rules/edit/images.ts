import type {
  DeletePositionedObjectRequest,
  InsertInlineImageRequest,
  ReplaceImageRequest,
  Size,
} from '../../../../openapi/types/docs.ts'
import { mapParagraphs } from '../model/content.ts'
import { pt } from '../model/fresh.ts'
import { refuse } from '../model/refused.ts'
import type { Style } from '../model/types.ts'
import { type Draft, without } from './draft.ts'
import { insertElement } from './elements.ts'

/** Images. Nothing is fetched: an image is accepted by its address, at the size asked for. */

const LONGEST_URI = 2048
const UNREACHABLE =
  'There was a problem retrieving the image. The provided image should be publicly accessible, within size limit, and in supported formats.'

/** Side of an image whose size nobody knows: 100 CSS pixels. */
const DEFAULT_SIDE = 75

function checkedUri(uri = ''): string {
  if (uri.length > LONGEST_URI) throw refuse('The provided image URI is too long.')
  if (!/^https?:\/\/[^/]/i.test(uri)) throw refuse(UNREACHABLE)
  return uri
}

function sizeOf(asked: Size | undefined): Style {
  const width = asked?.width?.magnitude
  const height = asked?.height?.magnitude
  const empty = [asked?.width, asked?.height].some((side) => side && !((side.magnitude ?? 0) > 0))
  if (empty) throw refuse('The size of the image must be greater than zero.')
  return { height: pt(height ?? width ?? DEFAULT_SIDE), width: pt(width ?? height ?? DEFAULT_SIDE) }
}

const embedded = (draft: Draft, uri: string, size: Style): Style => ({
  imageProperties: { contentUri: draft.around.imageUri(), sourceUri: uri, cropProperties: {} },
  embeddedObjectBorder: {
    color: { color: { rgbColor: {} } },
    width: pt(0),
    dashStyle: 'SOLID',
    propertyState: 'NOT_RENDERED',
  },
  size,
  marginTop: pt(9),
  marginBottom: pt(9),
  marginRight: pt(9),
  marginLeft: pt(9),
})

export function insertInlineImage(draft: Draft, request: InsertInlineImageRequest): object {
  const uri = checkedUri(request.uri)
  const size = sizeOf(request.objectSize)
  const point = draft.insertion(request)
  if (draft.segment(point).kind === 'footnote') throw refuse('Inline images cannot be inserted inside a footnote.')
  const objectId = draft.around.id()
  insertElement(draft, point, 'inlineObjectElement', { inlineObjectId: objectId })
  const object = { objectId, inlineObjectProperties: { embeddedObject: embedded(draft, uri, size) } }
  const { inlineObjects } = draft.tab(point.tabId)
  draft.patchTab(point.tabId, { inlineObjects: { ...inlineObjects, [objectId]: object } })
  return { insertInlineImage: { objectId } }
}

/** Puts another image into an object's frame; the frame keeps its size. */
export function replaceImage(draft: Draft, request: ReplaceImageRequest): void {
  const uri = checkedUri(request.uri)
  const id = request.imageObjectId ?? ''
  const tab = draft.tab(request.tabId)
  const inline = tab.inlineObjects[id]
  const positioned = tab.positionedObjects[id]
  if (!inline && !positioned) throw refuse(`The image with ID ${id} was not found.`)
  const replaced = (object: Style, properties: string): Style => {
    const old = object[properties] as { embeddedObject: Style }
    return {
      ...object,
      [properties]: { ...old, embeddedObject: embedded(draft, uri, old.embeddedObject.size as Style) },
    }
  }
  if (inline) {
    draft.patchTab(tab.tabId, {
      inlineObjects: { ...tab.inlineObjects, [id]: replaced(inline, 'inlineObjectProperties') },
    })
  }
  if (positioned) {
    const object = replaced(positioned, 'positionedObjectProperties')
    draft.patchTab(tab.tabId, { positionedObjects: { ...tab.positionedObjects, [id]: object } })
  }
}

/** Removes an object that floats over the text, and its paragraph's tie to it. */
export function deletePositionedObject(draft: Draft, { objectId = '', tabId }: DeletePositionedObjectRequest): void {
  const tab = draft.tab(tabId)
  if (!tab.positionedObjects[objectId]) throw refuse(`The positioned object with ID ${objectId} was not found.`)
  draft.patchTab(tab.tabId, { positionedObjects: without(tab.positionedObjects, objectId) })
  for (const segmentId of Object.keys(tab.segments)) {
    const place = { tabId: tab.tabId, segmentId }
    const content = draft.content(place)
    const untied = mapParagraphs(content, 0, content.width, (old) => {
      if (!old.positionedObjectIds?.includes(objectId)) return old
      return { ...old, positionedObjectIds: old.positionedObjectIds.filter((id) => id !== objectId) }
    })
    if (untied !== content) draft.setContent(place, untied)
  }
}

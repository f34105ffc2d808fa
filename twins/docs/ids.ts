import { BASE36, BASE64URL, type Random } from '../../shared/universe/random.ts'

/** Shapes of the ids in documents, as seen on the wire. */

/** Lists, objects, headers, footers, footnotes, named ranges, chips. */
export const newElementId = (random: Random): string => `kix.${random.text(12, BASE36)}`
export const newHeadingId = (random: Random): string => `h.${random.text(12, BASE36)}`
export const newTabId = (random: Random): string => `t.${random.text(12, BASE36)}`

export const newSuggestionId = (random: Random): string => `suggest.${random.text(12, BASE36)}`

/** Opaque; the one of a document nobody has written to yet is shorter. */
export const newRevisionId = (random: Random, first = false): string =>
  `AFwiY1${random.text(first ? 80 : 101, BASE64URL)}`

/** Where the service keeps its copy of an image. */
export const newImageUri = (random: Random): string =>
  `https://lh7-rt.googleusercontent.com/docsz/AD_4nX${random.text(170, BASE64URL)}=s2048?key=${random.text(22, BASE64URL)}`

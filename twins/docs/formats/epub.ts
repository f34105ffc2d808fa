import type { DocumentModel } from '../rules/model/types.ts'
import { archive } from './archive.ts'
import { bodyHtml, escaped } from './html.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
const XHTML = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'

/** A document as an EPUB 3 book of one chapter. */
export function toEpub(document: DocumentModel, title: string): Uint8Array {
  const name = escaped(title)
  // The same page as in HTML, with its empty elements closed.
  const body = bodyHtml(document).replace(/<(br|hr|img)([^>]*)>/g, '<$1$2/>')
  const page = (content: string) => `${HEAD}${XHTML}<head><title>${name}</title></head><body>${content}</body></html>`
  return archive({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': `${HEAD}<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="GoogleDoc/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`,
    'GoogleDoc/package.opf': `${HEAD}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">${name}</dc:identifier><dc:title>${name}</dc:title><dc:language>en</dc:language><meta property="dcterms:modified">1980-01-02T00:00:00Z</meta></metadata><manifest><item id="main" href="main.xhtml" media-type="application/xhtml+xml"/><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest><spine><itemref idref="main"/></spine></package>`,
    'GoogleDoc/nav.xhtml': page(`<nav epub:type="toc"><ol><li><a href="main.xhtml">${name}</a></li></ol></nav>`),
    'GoogleDoc/main.xhtml': page(body),
  })
}

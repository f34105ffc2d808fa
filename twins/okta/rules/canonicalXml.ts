/** Text or child elements; `undefined` children are left out. */
export type Content = string | readonly (string | undefined)[]

const escapedText = (text: string): string =>
  text.replace(/[&<>\r]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? '&#xD;')

const escapedValue = (text: string): string =>
  text.replace(/[&<"\t\n\r]/g, (sign) => {
    const named = { '&': '&amp;', '<': '&lt;', '"': '&quot;' }[sign]
    return named ?? `&#x${sign.charCodeAt(0).toString(16).toUpperCase()};`
  })

const isNamespace = (name: string): boolean => name.startsWith('xmlns:')
const before = (left: string, right: string): number =>
  Number(isNamespace(right)) - Number(isNamespace(left)) || (left < right ? -1 : 1)

/**
 * An element in the form exclusive canonicalisation gives it, so that what is sent is what was signed: namespaces first,
 * then attributes in order, no empty-element tags. Whoever builds declares a prefix on each outermost element that uses it.
 */
export function element(name: string, attributes: Readonly<Record<string, string | undefined>>, content: Content = '') {
  const written = Object.entries(attributes)
    .filter((attribute): attribute is [string, string] => attribute[1] !== undefined)
    .sort(([left], [right]) => before(left, right))
    .map(([attribute, value]) => ` ${attribute}="${escapedValue(value)}"`)
  const inner = typeof content === 'string' ? escapedText(content) : content.filter(Boolean).join('')
  return `<${name}${written.join('')}>${inner}</${name}>`
}

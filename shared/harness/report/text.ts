/** Text of services, people and the software under test is never trusted. */
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** The beginning of a text, and how much is missing. */
export const cut = (text: string, limit: number): string =>
  text.length > limit ? `${text.slice(0, limit)}…[+${text.length - limit} chars]` : text

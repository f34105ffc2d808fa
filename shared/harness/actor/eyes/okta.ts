import type { Eyes, Onlooker } from './eyes.ts'

/** The codes on a person's phone and in their mail: all of Okta that comes to people by itself. */
export async function okta(eyes: Eyes, { email }: Onlooker): Promise<object[]> {
  const codes = eyes.act('okta', 'codes', { login: email }) as Readonly<Record<string, readonly object[]>>
  return Object.entries(codes).flatMap(([sentFor, sent]) => sent.map((code) => ({ sentFor, ...code })))
}

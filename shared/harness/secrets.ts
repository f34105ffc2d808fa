/** Credentials never reach a file: header values that grant something, and tokens inside bodies. */
export const SECRET_HEADERS = new Set(['authorization', 'cookie', 'set-cookie', 'x-api-key', 'proxy-authorization'])
const SECRETS =
  /xox[a-z](?:\.xox[a-z])?-[\w-]{8,}|ya29\.[\w-]{8,}|ATATT[\w=-]{8,}|00[A-Za-z][\w-]{30,}|sk-ant-[\w-]{8,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----|eyJ[\w-]{10,}\.[\w-]+\.[\w-]+|("(?:password|client_secret|access_token|refresh_token|sessionToken)"\s*:\s*)"[^"]*"/g

/** A text with every credential in it replaced by `<secret>`. */
export const withoutSecrets = (text: string): string =>
  text.replaceAll(SECRETS, (_, member: string | undefined) => (member ? `${member}"<secret>"` : '<secret>'))

/** Whether a text contains one. */
export const hasSecret = (text: string): boolean => withoutSecrets(text) !== text

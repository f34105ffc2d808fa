import Anthropic from '@anthropic-ai/sdk'

/** Where models are reached, and with which key. */
export interface ModelAccess {
  readonly apiKey: string
  /** Without `/v1`: the SDK appends it. */
  readonly baseURL?: string | undefined
}

export interface ClientOptions {
  /** Attempts after the first. Default 4: long runs outlive an overloaded minute. */
  readonly maxRetries?: number
  /** Milliseconds for one attempt. */
  readonly timeout?: number
}

/**
 * The access the environment gives: ANTHROPIC_API_KEY (or ANTHROPIC_AUTH_TOKEN, sent the same way) and
 * ANTHROPIC_BASE_URL. `undefined` without a key: then nothing asks a model.
 */
export function accessFrom(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ModelAccess | undefined {
  const apiKey = environment.ANTHROPIC_API_KEY || environment.ANTHROPIC_AUTH_TOKEN
  return apiKey ? { apiKey, baseURL: environment.ANTHROPIC_BASE_URL || undefined } : undefined
}

/**
 * The one construction of the Anthropic client. Key and address are always passed on, so the SDK never searches
 * profiles and configuration files by itself; its telemetry is off.
 */
export function clientFor(
  { apiKey, baseURL }: ModelAccess,
  { maxRetries = 4, timeout }: ClientOptions = {},
): Anthropic {
  return new Anthropic({
    apiKey,
    baseURL: baseURL ?? 'https://api.anthropic.com',
    maxRetries,
    openTelemetry: false,
    ...(timeout === undefined ? {} : { timeout }),
  })
}

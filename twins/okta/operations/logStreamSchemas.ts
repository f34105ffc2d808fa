import { ok } from '../../../shared/kernel/reply.ts'
import { notFound } from '../errors.ts'
import type { Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { type OktaCall, operations } from './define.ts'

interface StreamType {
  readonly title: string
  readonly settings: Json
  readonly required: readonly string[]
}

const text = (title: string, description: string, more: Json = {}): Json => ({
  title,
  description,
  type: 'string',
  ...more,
})

/** What each kind of log stream is set up with. */
const TYPES: Readonly<Record<string, StreamType>> = {
  aws_eventbridge: {
    title: 'AWS EventBridge',
    settings: {
      accountId: text('AWS Account ID', 'Your Amazon AWS Account ID.', { writeOnce: true, pattern: '^\\d{12}$' }),
      eventSourceName: text(
        'AWS Event Source Name',
        'An alphanumeric name (no spaces) to identify this event source in AWS EventBridge.',
        {
          writeOnce: true,
          pattern: '^[\\.\\-_A-Za-z0-9]{1,75}$',
        },
      ),
      region: text('AWS Region', 'The destination AWS region for your system log events.', { writeOnce: true }),
    },
    required: ['eventSourceName', 'accountId', 'region'],
  },
  splunk_cloud_logstreaming: {
    title: 'Splunk Cloud',
    settings: {
      host: text('Host', 'The domain for your Splunk Cloud instance.', { writeOnce: false }),
      edition: text('Splunk edition', 'Edition of your Splunk Cloud instance.', { writeOnce: false }),
      token: text('HEC Token', 'The token from your Splunk Cloud HTTP Event Collector (HEC).', {
        writeOnce: false,
        pattern: '[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}',
      }),
    },
    required: ['host', 'edition', 'token'],
  },
}

function schemaView(call: OktaCall, name: string, { title, settings, required }: StreamType) {
  const path = `/api/v1/meta/schemas/logStream/${name}`
  const made = call.tables.org.all()[0]?.created ?? call.now
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    id: call.link(path),
    title,
    type: 'object',
    properties: {
      settings: {
        description: `Configuration properties specific to ${title}`,
        type: 'object',
        properties: settings,
        required,
      },
    },
    errorMessage: {},
    created: isoTime(made),
    lastUpdated: isoTime(made),
    name,
    _links: { self: { href: call.link(path), method: 'GET' } },
  }
}

/** Schemas of the kinds of log streams. */
export const logStreamSchemas = operations({
  listLogStreamSchemas: (call) => ok(Object.entries(TYPES).map(([name, type]) => schemaView(call, name, type))),
  getLogStreamSchema(call) {
    const name = call.params.logStreamType
    const type = TYPES[name]
    return type ? ok(schemaView(call, name, type)) : notFound(name, 'LogStreamType')
  },
})

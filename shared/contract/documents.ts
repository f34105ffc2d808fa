import { type Part, union } from './assemble.ts'
import { isObject, type JsonObject, objectAt } from './json.ts'
import { normaliseDiscovery } from './normalise/discovery.ts'
import { normaliseOpenApi } from './normalise/openapi.ts'
import {
  completeSlack,
  normaliseSlackArchive,
  normaliseSlackCatalogue,
  normaliseSlackTiers,
} from './normalise/slack.ts'
import { upgradeSwagger } from './normalise/swagger.ts'

export const TWINS = ['okta', 'jira', 'slack', 'docs', 'drive', 'sheets'] as const
export type TwinName = (typeof TWINS)[number]

/** One published document that a twin's contract is made of. */
export interface UpstreamDocument {
  /** Base name of its normalised form in `openapi/base/`. */
  readonly name: string
  /** Put into names that clash with those of the twin's earlier documents: `getIssue` → `getAgileIssue`. */
  readonly word: string
  /** Where it is published. */
  readonly url: string
  /** The address is a folder of files rather than one document. */
  readonly folder?: boolean
  /** Whether a document that somebody hands us is this one. */
  readonly is: (document: JsonObject) => boolean
  readonly normalise: (document: JsonObject) => JsonObject
}

/** What a twin's contract is made of, and how its normalised documents become one. */
export interface Recipe {
  readonly documents: readonly UpstreamDocument[]
  /** Files of `openapi/overlays/`, in the order they apply; a missing one changes nothing. */
  readonly overlays: readonly string[]
  readonly assemble: (parts: readonly Part[]) => JsonObject
}

const titled = (text: RegExp) => (document: JsonObject) => text.test(String(objectAt(document, 'info').title ?? ''))
const openApi = (document: JsonObject) =>
  'swagger' in document ? normaliseOpenApi(upgradeSwagger(document)) : normaliseOpenApi(document)
const okta = 'https://raw.githubusercontent.com/okta/okta-management-openapi-spec/master/dist/current/'
const slack = 'https://raw.githubusercontent.com/'

const discovery = (name: TwinName, version: string): Recipe => ({
  assemble: union,
  // what every Google service serves beside its API comes first
  overlays: ['google', name],
  documents: [
    {
      name,
      word: '',
      url: `https://www.googleapis.com/discovery/v1/apis/${name}/${version}/rest`,
      is: (document) => 'discoveryVersion' in document && document.name === name,
      normalise: normaliseDiscovery,
    },
  ],
})

export const RECIPES: Readonly<Record<TwinName, Recipe>> = {
  okta: {
    assemble: union,
    overlays: ['okta'],
    documents: [
      {
        name: 'okta-management',
        word: 'Management',
        url: `${okta}management-oneOfInheritance.yaml`,
        is: titled(/Okta Admin/i),
        normalise: openApi,
      },
      {
        name: 'okta-oauth',
        word: 'OAuth',
        url: `${okta}oauth-oneOfInheritance.yaml`,
        is: titled(/OAuth/i),
        normalise: openApi,
      },
      {
        name: 'okta-myaccount',
        word: 'MyAccount',
        url: `${okta}idp-oneOfInheritance.yaml`,
        is: titled(/MyAccount/i),
        normalise: openApi,
      },
    ],
  },
  jira: {
    assemble: union,
    overlays: ['jira'],
    documents: [
      {
        name: 'jira-platform',
        word: 'Platform',
        url: 'https://developer.atlassian.com/cloud/jira/platform/swagger-v3.v3.json',
        is: titled(/platform/i),
        normalise: openApi,
      },
      {
        name: 'jira-software',
        word: 'Agile',
        url: 'https://developer.atlassian.com/cloud/jira/software/swagger.v3.json',
        is: titled(/software/i),
        normalise: openApi,
      },
    ],
  },
  slack: {
    assemble: completeSlack,
    overlays: ['slack'],
    documents: [
      {
        name: 'slack-archive',
        word: '',
        url: `${slack}slackapi/slack-api-specs/master/web-api/slack_web_openapi_v2.json`,
        is: (document) => document.swagger === '2.0',
        normalise: normaliseSlackArchive,
      },
      {
        name: 'slack-catalogue',
        word: '',
        url: 'https://github.com/slack-ruby/slack-api-ref/tree/master/docs.slack.dev/methods',
        folder: true,
        is: (document) => isObject(document['api.test']),
        normalise: normaliseSlackCatalogue,
      },
      {
        name: 'slack-tiers',
        word: '',
        url: `${slack}slackapi/java-slack-sdk/main/metadata/web-api/rate_limit_tiers.json`,
        is: (document) => typeof document['api.test'] === 'string',
        normalise: normaliseSlackTiers,
      },
    ],
  },
  docs: discovery('docs', 'v1'),
  drive: discovery('drive', 'v3'),
  sheets: discovery('sheets', 'v4'),
}

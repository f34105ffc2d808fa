import type { TwinName } from '../../shared/server/twins.ts'

export type Language = 'js' | 'python' | 'go' | 'java' | 'shell'
export type Mode = 'url' | 'exec'

/** A client, and the program beside this file that uses it: a write and a read on its twin. */
export interface Client {
  readonly language: Language
  /** File of the program, without its extension. */
  readonly program: string
  /** How people know it. */
  readonly name: string
  readonly twins: readonly TwinName[]
  /** How it can be led to a twin; default both. */
  readonly modes?: readonly Mode[]
  /** It drops a base path: by URL it needs ports of the universe's own. */
  readonly ownPorts?: boolean
  /** What to know, for the table. */
  readonly note?: string
}

const js = (program: string, name: string, twins: readonly TwinName[], more: Partial<Client> = {}): Client => ({
  language: 'js',
  program,
  name,
  twins,
  ...more,
})
const python = (program: string, name: string, twins: readonly TwinName[], more: Partial<Client> = {}): Client => ({
  ...js(program, name, twins, more),
  language: 'python',
})
const go = (program: string, name: string, twins: readonly TwinName[], more: Partial<Client> = {}): Client => ({
  ...js(program, name, twins, more),
  language: 'go',
})

const HARD_WIRED = { modes: ['exec'], note: 'its hosts are constants' } as const

export const CLIENTS: readonly Client[] = [
  js('slack-web-api', '@slack/web-api', ['slack']),
  js('slack-bolt', '@slack/bolt (Socket Mode)', ['slack']),
  js('slack-socket-mode', '@slack/socket-mode', ['slack']),
  js('slack-webhook', '@slack/webhook', ['slack']),
  js('slack-oauth', '@slack/oauth', ['slack']),
  js('okta-sdk-nodejs', '@okta/okta-sdk-nodejs', ['okta']),
  js('okta-auth-js', '@okta/okta-auth-js', ['okta']),
  js('okta-jwt-verifier', '@okta/jwt-verifier', ['okta']),
  js('openid-client', 'openid-client', ['okta']),
  js('jira-js', 'jira.js', ['jira']),
  js('jira-client', 'jira-client', ['jira']),
  js('googleapis', 'googleapis', ['drive', 'sheets']),
  js('googleapis-drive', '@googleapis/drive', ['drive']),
  js('googleapis-docs', '@googleapis/docs', ['docs']),
  js('googleapis-sheets', '@googleapis/sheets', ['sheets']),
  js('google-auth-metadata', 'google-auth-library, metadata server', ['drive'], { ownPorts: true }),
  js('google-auth-external-account', 'google-auth-library, external account', ['drive']),
  js('google-auth-key-file', 'google-auth-library, key file', ['drive'], {
    modes: ['exec'],
    note: 'its token host is a constant',
  }),
  js('google-spreadsheet', 'google-spreadsheet', ['sheets'], HARD_WIRED),
  js('axios', 'axios', ['jira']),
  js('got', 'got', ['okta']),
  js('undici', 'undici', ['okta']),
  js('fetch', 'fetch', ['slack']),
  python('slack-sdk', 'slack_sdk', ['slack']),
  python('slack-bolt', 'slack_bolt (Socket Mode)', ['slack']),
  python('okta-sdk', 'okta', ['okta'], { modes: ['url'], note: 'takes a proxy only from its own configuration' }),
  python('jira-client', 'jira', ['jira']),
  python('atlassian-api', 'atlassian-python-api', ['jira']),
  python('google-api-client', 'google-api-python-client', ['drive'], {
    ownPorts: true,
    note: 'behind any proxy it needs PySocks',
  }),
  python('google-auth-metadata', 'google-auth, metadata server', ['drive'], { ownPorts: true }),
  python('google-auth-key-file', 'google-auth, key file', ['drive']),
  python('gspread-client', 'gspread', ['sheets'], HARD_WIRED),
  python('requests-client', 'requests', ['okta']),
  go('slack-go', 'slack-go/slack', ['slack']),
  go('okta-sdk', 'okta-sdk-golang', ['okta'], { ownPorts: true, note: 'set `Host` of its configuration' }),
  go('go-jira', 'andygrunwald/go-jira', ['jira']),
  go('go-atlassian', 'ctreminiom/go-atlassian', ['jira']),
  go('google-drive', 'google.golang.org/api/drive', ['drive'], { ownPorts: true }),
  { language: 'java', program: 'Slack', name: 'java.net.http', twins: ['slack'] },
  { language: 'shell', program: 'curl', name: 'curl', twins: ['okta'] },
  { language: 'shell', program: 'rclone', name: 'rclone', twins: ['drive'], ...HARD_WIRED },
]

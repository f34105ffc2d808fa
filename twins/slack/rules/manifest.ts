import type { App, Json } from '../tables.ts'

export interface ManifestIssue {
  readonly message: string
  readonly pointer: string
}

const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** What is wrong with a manifest. */
export function manifestIssues(manifest: Json): ManifestIssue[] {
  const issues: ManifestIssue[] = []
  const name = object(manifest.display_information).name
  if (manifest.display_information === undefined)
    issues.push({ message: 'must have required property: display_information', pointer: '/' })
  else if (typeof name !== 'string' || name === '')
    issues.push({ message: 'must be more than 0 characters', pointer: '/display_information/name' })
  else if (name.length > 35)
    issues.push({ message: 'must be less than 36 characters', pointer: '/display_information/name' })
  const { bot_events } = object(object(manifest.settings).event_subscriptions)
  const wantsBot = strings(bot_events).length > 0
  if (wantsBot && object(manifest.features).bot_user === undefined) {
    issues.push({
      message: 'Event Subscription requires either Request URL or Socket Mode Enabled and a bot user',
      pointer: '/settings/event_subscriptions',
    })
  }
  return issues
}

/** An app's settings as a manifest gives them. */
export function manifestSettings(manifest: Json): Partial<App> & Pick<App, 'name'> {
  const features = object(manifest.features)
  const settings = object(manifest.settings)
  const oauth = object(manifest.oauth_config)
  const scopes = object(oauth.scopes)
  const events = object(settings.event_subscriptions)
  const interactivity = object(settings.interactivity)
  const home = object(features.app_home)
  const url = (value: unknown) => (typeof value === 'string' ? value : undefined)
  const requestUrl = url(events.request_url)
  const interactivityUrl = url(interactivity.request_url)
  const optionsUrl = url(interactivity.message_menu_options_url)
  return {
    name: String(object(manifest.display_information).name),
    scopes: { bot: strings(scopes.bot), user: strings(scopes.user) },
    events: { bot: strings(events.bot_events), user: strings(events.user_events) },
    redirectUrls: strings(oauth.redirect_urls),
    socketMode: settings.socket_mode_enabled === true,
    tokenRotation: settings.token_rotation_enabled === true,
    homeTab: home.home_tab_enabled === true,
    messagesTab: home.messages_tab_enabled !== false,
    unfurlDomains: strings(features.unfurl_domains),
    commands: (Array.isArray(features.slash_commands) ? features.slash_commands : []).map((one: Json) => ({
      command: String(one.command),
      description: String(one.description ?? ''),
      ...(one.url ? { url: String(one.url) } : {}),
      ...(one.should_escape === true ? { escape: true } : {}),
    })),
    shortcuts: (Array.isArray(features.shortcuts) ? features.shortcuts : []).map((one: Json) => ({
      type: one.type === 'message' ? 'message' : 'global',
      name: String(one.name),
      callbackId: String(one.callback_id),
    })),
    ...(requestUrl ? { requestUrl } : {}),
    ...(interactivityUrl ? { interactivityUrl } : {}),
    ...(optionsUrl ? { optionsUrl } : {}),
    manifest,
  }
}

/** Parameters of a function: as a JSON schema, or by name with `is_required` on each. */
function parameters(value: unknown): Json[] {
  const given = object(value)
  const isSchema = typeof given.properties === 'object'
  const required = strings(given.required)
  return Object.entries(object(isSchema ? given.properties : given)).map(([name, one]) => {
    const { is_required, title, type, description, ...rest } = object(one)
    const isRequired = isSchema ? required.includes(name) : is_required === true
    return { name, type, title: title ?? name, description: description ?? '', is_required: isRequired, ...rest }
  })
}

/** Functions a manifest offers to workflows. */
export const declaredFunctions = (manifest: Json) =>
  Object.entries(object(manifest.functions)).map(([callbackId, value]) => {
    const { title, description, input_parameters, output_parameters } = object(value)
    return {
      callbackId,
      title: String(title ?? callbackId),
      description: String(description ?? ''),
      inputs: parameters(input_parameters),
      outputs: parameters(output_parameters),
    }
  })

/** Workflows a manifest declares; steps name their functions by reference. */
export const declaredWorkflows = (manifest: Json) =>
  Object.entries(object(manifest.workflows)).map(([callbackId, value]) => {
    const { title, description, input_parameters, steps } = object(value)
    return {
      callbackId,
      title: String(title ?? callbackId),
      description: String(description ?? ''),
      inputs: parameters(input_parameters),
      steps: (Array.isArray(steps) ? steps : []).map((step: Json, i) => ({
        id: String(step.id ?? i),
        functionId: String(step.function_id),
        inputs: object(step.inputs),
      })),
    }
  })

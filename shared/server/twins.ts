import type { Twin } from '../kernel/twin.ts'

/** The twins, in the order of their ports. */
export const TWIN_NAMES = ['okta', 'jira', 'slack', 'docs', 'drive', 'sheets'] as const
export type TwinName = (typeof TWIN_NAMES)[number]

const modules: Record<TwinName, () => Promise<Record<string, unknown>>> = {
  okta: () => import('../../twins/okta/twin.ts'),
  jira: () => import('../../twins/jira/twin.ts'),
  slack: () => import('../../twins/slack/twin.ts'),
  docs: () => import('../../twins/docs/twin.ts'),
  drive: () => import('../../twins/drive/twin.ts'),
  sheets: () => import('../../twins/sheets/twin.ts'),
}

/** Loads twins. Each is imported once per process; the others stay on disk. */
export async function loadTwins(names: readonly TwinName[] = TWIN_NAMES): Promise<Twin[]> {
  return Promise.all(names.map(async (name) => (await modules[name]())[name] as Twin))
}

/** Twins that share rows and are installed together: Google's three are faces of one file store. */
export const TWIN_GROUPS: readonly (readonly TwinName[])[] = [
  ['okta'],
  ['jira'],
  ['slack'],
  ['docs', 'drive', 'sheets'],
]

export const isTwinName = (name: string): name is TwinName => (TWIN_NAMES as readonly string[]).includes(name)

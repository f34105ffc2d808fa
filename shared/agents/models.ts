/** What a model is asked to do. A name belongs to a role, never to code. */
export const ROLES = ['judge', 'judgeStrong', 'persona', 'review', 'builder', 'explorer'] as const
export type Role = (typeof ROLES)[number]

export type Models = Readonly<Record<Role, string>>

/** Cheap models for what is asked often, stronger ones for ties and for writing code. */
const DEFAULTS: Models = {
  judge: 'claude-sonnet-5-5',
  judgeStrong: 'claude-opus-5-5',
  persona: 'claude-haiku-5-5',
  review: 'claude-haiku-5-5',
  builder: 'claude-opus-5-5',
  explorer: 'claude-haiku-5-5',
}

/** `judgeStrong` → `DTU_MODEL_JUDGE_STRONG`. */
export const variableOf = (role: Role) => `DTU_MODEL_${role.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`

/**
 * Model names by role: an option wins over its environment variable, that over the default.
 *
 * @example modelsFrom({ DTU_MODEL_JUDGE: 'claude-haiku-5-5' }).judge // 'claude-haiku-5-5'
 */
export function modelsFrom(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  options: Partial<Models> = {},
): Models {
  return Object.fromEntries(
    ROLES.map((role) => [role, options[role] ?? (environment[variableOf(role)] || DEFAULTS[role])]),
  ) as Models // ROLES are its keys
}

/** Model families whose thinking is always on: they take no forced tool and no `thinking: disabled` (Opus 5.5). */
export const thinksAlways = (model: string) => model.startsWith('claude-opus-5-5')

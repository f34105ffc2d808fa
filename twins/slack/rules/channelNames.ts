import type { SlackMoment } from '../caller.ts'
import { fail } from '../errors.ts'

const MAX = 80

/**
 * A channel name that may be taken, in lower-case letters, digits, `-` and `_`. Archived channels and user groups keep
 * their names.
 */
export function requireChannelName(moment: SlackMoment, teamId: string, value: unknown, own?: string): string {
  const name = String(value ?? '').replace(/^#/, '')
  const refusal = nameRefusal(name)
  if (refusal) throw fail(refusal)
  const taken = moment.tables.conversations.by('name', [teamId, name])
  if (taken && taken.id !== own) throw fail('name_taken')
  if (moment.tables.usergroups.by('handle', [teamId, name])) throw fail('name_taken')
  return name
}

export function nameRefusal(name: string): string | undefined {
  if (name === '') return 'invalid_name_required'
  if ([...name].length > MAX) return 'invalid_name_maxlength'
  if (/[^\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}_-]/u.test(name)) return 'invalid_name_specials'
  return /[\p{L}\p{N}]/u.test(name) ? undefined : 'invalid_name_punctuation'
}

import type { ServiceError } from '../../../shared/kernel/dialect.ts'
import { fail } from '../errors.ts'

/** Methods that only say they are gone, and where to go instead. */
const SUCCESSORS: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:channels|groups|im|mpim)\.(\w+)$/,
    'https://api.slack.com/changelog/2020-01-deprecating-antecedents-to-the-conversations-api',
  ],
  [/^files\.upload$/, 'https://docs.slack.dev/changelog/2024-04-a-better-way-to-upload-files-is-here-to-stay'],
  [
    /^workflows\.(?:stepCompleted|stepFailed|updateStep)$/,
    'https://docs.slack.dev/changelog/2023-08-workflow-steps-from-apps-step-back',
  ],
  [/^rtm\.start$/, 'https://api.slack.com/changelog/2021-10-rtm-start-to-stop'],
]

const RENAMED: Readonly<Record<string, string>> = { createChild: 'create' }

/** The refusal of a retired method. */
export const retirement = (method: string): ServiceError =>
  fail('method_deprecated', { response_metadata: { messages: [`[ERROR] ${retirementNotice(method)}`] } })

/** The message of a retired method's `method_deprecated`. Recorded for channels.info. */
function retirementNotice(method: string): string {
  for (const [pattern, changelog] of SUCCESSORS) {
    const match = pattern.exec(method)
    if (!match) continue
    const action = match[1] === undefined ? undefined : (RENAMED[match[1]] ?? match[1])
    const instead = action ? ` Please use conversations.${action} instead.` : ''
    return `This method is retired and can no longer be used.${instead} Learn more: ${changelog}.`
  }
  return 'This method is retired and can no longer be used.'
}

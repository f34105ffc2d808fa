import { viewBlocks, viewIdIssues } from './blocks.ts'
import { all, boolean, byType, type Check, type Fields, type Issue, issuesOf, missing, string } from './check.ts'
import { plainText } from './objects.ts'

/** Modals and Home tabs. @see https://docs.slack.dev/reference/views */
const common: Fields = {
  required: { blocks: viewBlocks },
  optional: {
    private_metadata: string({ max: 3000 }),
    callback_id: string({ max: 255 }),
    external_id: string({ max: 255 }),
  },
}

/** A modal with an input needs a submit button. */
const submitForInputs: Check = (value, pointer, report) => {
  const { blocks, submit } = value as { blocks?: unknown; submit?: unknown }
  const hasInput =
    Array.isArray(blocks) && blocks.some((block) => (block as { type?: unknown } | null)?.type === 'input')
  if (hasInput && !submit) missing('submit')(value, pointer, report)
}

const modal: Fields = {
  required: { ...common.required, title: plainText(24) },
  optional: {
    ...common.optional,
    submit: plainText(24),
    close: plainText(24),
    clear_on_close: boolean,
    notify_on_close: boolean,
  },
  also: submitForInputs,
}

const types: Readonly<Record<string, Fields>> = {
  modal,
  home: common,
  workflow_step: { ...modal, required: common.required, optional: { ...modal.optional, submit_disabled: boolean } },
}

const view = all(byType(types))

/** What is wrong with a view; the first line names the whole view. */
export function viewIssues(value: unknown): Issue[] {
  const issues = issuesOf(view, value, '/view')
  return issues.length > 0 ? issues : viewIdIssues((value as { blocks?: unknown }).blocks)
}

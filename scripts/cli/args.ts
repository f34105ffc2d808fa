import { type ParseArgsConfig, parseArgs } from 'node:util'

/** Words of the command line that do not fit: printed with the usage, exit code 2. */
export class UsageError extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>

/** Parses options, turning Node's errors into a {@link UsageError}. */
export function parse<O extends Options>(args: string[], options: O) {
  try {
    return parseArgs({ args, options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

/** Runs a command's work: usage on request, errors as one line and an exit code. */
export async function command(usage: string, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${usage}\n`)
      return 2
    }
    // Errors meant for people say all in their message; a bug's place is in its stack.
    const bug = error instanceof TypeError || error instanceof SyntaxError || error instanceof ReferenceError
    const { message, stack } = error as Error
    process.stderr.write(`${bug ? stack : message}\n`)
    return 1
  }
}

/** A whole number from an option or a variable. */
export function integer(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  if (!/^\d+$/.test(text)) throw new UsageError(`${name} takes a whole number, not ${JSON.stringify(text)}`)
  return Number(text)
}

import { canonicalError } from '../google/index.ts'

/** What the Docs API refuses with. All of it in Google's canonical envelope. */

export const notFound = () => canonicalError({ code: 404, message: 'Requested entity was not found.' })

/** Something inside the document is not there. */
export const missing = (message: string) => canonicalError({ code: 404, message })

export const forbidden = () => canonicalError({ code: 403, message: 'The caller does not have permission' })

/** The file is of another kind: an Office file opened in Docs. */
export const unsupportedDocument = () =>
  canonicalError({
    code: 400,
    message: 'This operation is not supported for this document',
    status: 'FAILED_PRECONDITION',
  })

export const invalid = (message: string) => canonicalError({ code: 400, message, status: 'INVALID_ARGUMENT' })

/** Two members of a oneof are set. */
export const oneofTwice = (path: string, oneof: string, second: string) => {
  const description = `Invalid value at '${path}' (oneof), oneof field '${oneof}' is already set. Cannot set '${second}'`
  return canonicalError({
    code: 400,
    message: description,
    status: 'INVALID_ARGUMENT',
    details: [
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: path, description }] },
    ],
  })
}

/** The twin has no behaviour for this kind of request. */
export const unmodelled = (what: string) =>
  canonicalError({ code: 501, message: `${what} is not modelled by this twin.`, status: 'UNIMPLEMENTED' })

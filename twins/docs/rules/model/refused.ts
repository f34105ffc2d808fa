/** Why a request of a batch cannot be applied, in the service's words; the batch adds which request it was. */
export class Refused extends Error {}

/** @example throw refuse('The range should not be empty.') */
export const refuse = (message: string): Refused => new Refused(message)

/** The twin does not know what a request does. */
export class UnmodelledRequest extends Error {}

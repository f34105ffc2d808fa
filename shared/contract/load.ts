import { readFileSync } from 'node:fs'
import { type Contract, type ContractDocument, contract, type Parameter } from '../kernel/contract.ts'

/** Where the contracts lie, from the sources and from an installed package alike. */
const FOLDER = new URL('../../openapi/', import.meta.url)

/** A contract as it lies in `openapi/`; parameters that every operation takes stand once, at its head. */
interface StoredDocument extends ContractDocument {
  readonly 'x-dtu-parameters'?: readonly Parameter[]
}

/**
 * Reads the contract of a twin, or of any document in `openapi/`. Common parameters (Google's `fields`, `alt`, …) are
 * given to each operation.
 *
 * @throws when `openapi/<name>.json` does not exist
 * @example loadContract('okta').operations.get('getUser')?.path // '/api/v1/users/{id}'
 */
export function loadContract(name: string): Contract {
  const document = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as StoredDocument
  const loaded = contract(name, document)
  const common = document['x-dtu-parameters'] ?? []
  if (common.length === 0) return loaded
  const operations = new Map(
    [...loaded.operations].map(([id, operation]) => [
      id,
      { ...operation, parameters: [...(operation.parameters ?? []), ...common] },
    ]),
  )
  return { ...loaded, operations }
}

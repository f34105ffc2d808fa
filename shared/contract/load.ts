import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Contract, type ContractDocument, contract, type Parameter } from '../kernel/contract.ts'
import { openapiFolder } from './root.ts'

/** A contract as it lies in `openapi/`; parameters that every operation takes stand once, at its head. */
interface StoredDocument extends ContractDocument {
  readonly 'x-dtu-parameters'?: readonly Parameter[]
}

/**
 * Reads the contract of a twin, or of any document in `openapi/`. Common parameters (Google's `fields`, `alt`, …) are
 * given to each operation of the published contract.
 *
 * @throws when `openapi/<name>.json` does not exist
 * @example loadContract('okta').operations.get('getUser')?.path // '/api/v1/users/{id}'
 */
export function loadContract(name: string): Contract {
  const document = JSON.parse(readFileSync(join(openapiFolder(), `${name}.json`), 'utf8')) as StoredDocument
  const loaded = contract(name, document)
  const common = document['x-dtu-parameters'] ?? []
  if (common.length === 0) return loaded
  const operations = new Map(
    [...loaded.operations].map(([id, operation]) => [
      id,
      operation['x-dtu-added'] ? operation : { ...operation, parameters: [...(operation.parameters ?? []), ...common] },
    ]),
  )
  return { ...loaded, operations }
}

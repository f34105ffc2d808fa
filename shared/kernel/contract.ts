/** A JSON Schema as OpenAPI 3.1 has it. `$ref` points into the document's `#/components/schemas`. */
export type Schema = Readonly<Record<string, unknown>> | boolean

export type Method = 'get' | 'put' | 'post' | 'delete' | 'patch' | 'head' | 'options'

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header' | 'cookie'
  readonly required?: boolean
  readonly schema?: Schema
  readonly style?: string
  readonly explode?: boolean
}

export interface MediaType {
  readonly schema?: Schema
}

/** One way to be allowed in: scheme name → scopes, all of which are needed. Alternatives stand side by side. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>

/** An operation as our normalised contracts spell it: OpenAPI 3.1 plus the `x-dtu-*` members below. */
export interface OperationObject {
  readonly operationId: string
  readonly tags?: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, MediaType>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, MediaType>> }>>
  readonly security?: readonly SecurityRequirement[]
  readonly deprecated?: boolean
  /** Further verbs the service accepts on the same path (Slack takes GET and POST). */
  readonly 'x-dtu-verbs'?: readonly Method[]
  /** Further paths that reach the same operation (Google's media upload, `latest` versions). */
  readonly 'x-dtu-paths'?: readonly string[]
  /** Added by our overlay, not in the published contract: served, but not counted in coverage. */
  readonly 'x-dtu-added'?: boolean
  /** Whatever else the normaliser kept (`x-slack-tier`, `x-okta-lifecycle`, …). */
  readonly [extension: `x-${string}`]: unknown
}

export interface ContractDocument {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Method, OperationObject>>>>>
  readonly components?: {
    readonly schemas?: Readonly<Record<string, Schema>>
    readonly securitySchemes?: Readonly<Record<string, unknown>>
  }
}

/** An operation with the place it is served at. */
export interface Operation extends OperationObject {
  readonly method: Method
  readonly path: string
}

export interface Contract {
  readonly name: string
  readonly document: ContractDocument
  readonly operations: ReadonlyMap<string, Operation>
}

const METHODS: readonly Method[] = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']

/** Indexes a normalised document by operation id. */
export function contract(name: string, document: ContractDocument): Contract {
  const operations = new Map<string, Operation>()
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method]
      if (operation) operations.set(operation.operationId, { ...operation, method, path })
    }
  }
  return { name, document, operations }
}

import {
  type Clause,
  type Condition,
  type FieldName,
  JqlSyntaxError,
  type Operand,
  type Operator,
  type Predicate,
  type Query,
  type SortKey,
} from './ast.ts'
import { place, type Token, tokenize } from './lexer.ts'
import { RESERVED } from './reserved.ts'

const OPERATORS =
  "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'."
const SYMBOL_OPERATORS: readonly string[] = ['=', '!=', '<', '>', '<=', '>=', '~', '!~']
const PREDICATES: readonly string[] = ['after', 'before', 'by', 'during', 'on', 'from', 'to']

/**
 * Parses JQL. Keywords and field names ignore case.
 *
 * @throws JqlSyntaxError with Jira's sentence: `Error in the JQL Query: Expecting operator but got 'x'. …`
 * @example parse('project = ACME AND status WAS "In Progress" ORDER BY rank')
 */
export function parse(jql: string): Query {
  return new Parser(tokenize(jql)).query()
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  query(): Query {
    if (this.#ended()) return { orderBy: [] }
    if (this.#isOrderBy()) return { orderBy: this.#orderBy() }
    const where = this.#or()
    if (this.#ended()) return { where, orderBy: [] }
    if (this.#isOrderBy()) return { where, orderBy: this.#orderBy() }
    throw this.#got("Expecting either 'OR' or 'AND'")
  }

  get #token(): Token {
    return this.#tokens[this.#at] as Token
  }

  #ended(): boolean {
    return this.#token.kind === 'end'
  }

  #peek(ahead = 1): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] as Token
  }

  #next(): Token {
    return this.#tokens[this.#at++] as Token
  }

  #isWord(word: string, token = this.#token): boolean {
    return token.kind === 'word' && token.text.toLowerCase() === word
  }

  #isSymbol(symbol: string): boolean {
    return this.#token.kind === 'symbol' && this.#token.text === symbol
  }

  #isOrderBy(): boolean {
    return this.#isWord('order') && this.#isWord('by', this.#peek())
  }

  /** `… but got 'x'. (line 1, character 4)`, or `… before the end of the query.` */
  #got(expecting: string, more = '', at: Token = this.#token): JqlSyntaxError {
    const rest = more ? ` ${more}` : ''
    if (at.kind === 'end')
      return new JqlSyntaxError(`Error in the JQL Query: ${expecting} before the end of the query.${rest}`)
    return new JqlSyntaxError(`Error in the JQL Query: ${expecting} but got '${at.text}'.${rest} ${place(at)}`)
  }

  #reserved(token: Token): JqlSyntaxError {
    return new JqlSyntaxError(
      `Error in the JQL Query: '${token.text}' is a reserved JQL word. You must surround it in quotation marks to use it in a query. ${place(token)}`,
    )
  }

  #or(): Clause {
    return this.#series('or', ['||', '|'], () => this.#and())
  }

  #and(): Clause {
    return this.#series('and', ['&&', '&'], () => this.#not())
  }

  #series(kind: 'and' | 'or', symbols: readonly string[], part: () => Clause): Clause {
    const clauses = [part()]
    while (this.#isWord(kind) || (this.#token.kind === 'symbol' && symbols.includes(this.#token.text))) {
      this.#next()
      clauses.push(part())
    }
    return clauses.length === 1 ? (clauses[0] as Clause) : { kind, clauses }
  }

  #not(): Clause {
    if (this.#isWord('not') || this.#isSymbol('!')) {
      this.#next()
      return { kind: 'not', clause: this.#not() }
    }
    if (this.#isSymbol('(')) {
      this.#next()
      const clause = this.#or()
      if (!this.#isSymbol(')')) throw this.#got("Expecting ')'")
      this.#next()
      return clause
    }
    return this.#condition()
  }

  #condition(): Condition {
    const field = this.#field()
    const operator = this.#operator()
    if (operator === 'changed') return { kind: 'condition', field, operator, predicates: this.#predicates() }
    const operand = this.#operand()
    const predicates = operator.startsWith('was') ? this.#predicates() : []
    return { kind: 'condition', field, operator, operand, predicates }
  }

  #field(): FieldName {
    const token = this.#token
    if (token.kind === 'end') {
      throw new JqlSyntaxError('Error in the JQL Query: Expecting a field name at the end of the query.')
    }
    if (token.kind === 'symbol') {
      throw this.#got(
        'Expecting a field name',
        `You must surround '${token.text}' in quotation marks to use it as a field name.`,
      )
    }
    this.#next()
    if (token.kind === 'word' && this.#isSymbol('[')) return this.#bracketed(token)
    if (token.kind === 'word' && RESERVED.has(token.text.toLowerCase())) throw this.#reserved(token)
    return { name: token.text }
  }

  /** `cf[10010]` or `issue.property[key].path`. */
  #bracketed(head: Token): FieldName {
    this.#next()
    const key = this.#next()
    if (key.kind === 'symbol' || key.kind === 'end') throw this.#got('Expecting a property key', '', key)
    if (!this.#isSymbol(']')) throw this.#got("Expecting ']'")
    this.#next()
    if (head.text.toLowerCase() === 'cf') return { name: `cf[${key.text}]` }
    const [entity = ''] = head.text.split('.')
    let path = ''
    const dotted = this.#token
    if (dotted.kind === 'word' && dotted.text.startsWith('.')) path = this.#next().text.slice(1)
    return { name: `${head.text}[${key.text}]${path && `.${path}`}`, property: { entity, key: key.text, path } }
  }

  #operator(): Operator {
    const token = this.#token
    if (token.kind === 'symbol' && SYMBOL_OPERATORS.includes(token.text)) return this.#next().text as Operator
    if (token.kind === 'word') {
      const word = token.text.toLowerCase()
      if (word === 'in') return this.#take('in')
      if (word === 'changed') return this.#take('changed')
      if (word === 'not' && this.#isWord('in', this.#peek())) return this.#take('not in', 2)
      if (word === 'is') return this.#isWord('not', this.#peek()) ? this.#take('is not', 2) : this.#take('is')
      if (word === 'was') {
        if (this.#isWord('in', this.#peek())) return this.#take('was in', 2)
        if (!this.#isWord('not', this.#peek())) return this.#take('was')
        return this.#isWord('in', this.#peek(2)) ? this.#take('was not in', 3) : this.#take('was not', 2)
      }
    }
    throw this.#got('Expecting operator', OPERATORS)
  }

  #take(operator: Operator, tokens = 1): Operator {
    this.#at += tokens
    return operator
  }

  #operand(): Operand {
    const token = this.#token
    if (token.kind === 'end') {
      throw new JqlSyntaxError(
        'Error in JQL Query: Expecting either a value, list or function before the end of the query.',
      )
    }
    if (this.#isSymbol('(')) return this.#list()
    if (token.kind === 'symbol') {
      throw new JqlSyntaxError(
        `Error in JQL Query: Expecting either a value, list or function but got '${token.text}'. You must surround '${token.text}' in quotation marks to use it as a value. ${place(token)}`,
      )
    }
    this.#next()
    if (this.#isSymbol('(')) return { kind: 'function', name: token.text, args: this.#arguments() }
    if (token.kind === 'string') return { kind: 'value', value: token.text, quoted: true }
    const word = token.text.toLowerCase()
    if (word === 'empty' || word === 'null') return { kind: 'empty', keyword: word }
    if (RESERVED.has(word)) throw this.#reserved(token)
    return { kind: 'value', value: token.text, quoted: false }
  }

  #list(): Operand {
    this.#next()
    const items = [this.#operand()]
    while (this.#isSymbol(',')) {
      this.#next()
      items.push(this.#operand())
    }
    if (!this.#isSymbol(')')) throw this.#got("Expecting ')'")
    this.#next()
    return { kind: 'list', items }
  }

  #arguments(): string[] {
    this.#next()
    const args: string[] = []
    while (!this.#isSymbol(')')) {
      const token = this.#token
      if (token.kind === 'symbol' || token.kind === 'end') throw this.#got("Expecting ')'")
      args.push(this.#next().text)
      if (this.#isSymbol(',')) this.#next()
      else if (!this.#isSymbol(')')) throw this.#got("Expecting ')'")
    }
    this.#next()
    return args
  }

  #predicates(): Predicate[] {
    const predicates: Predicate[] = []
    while (this.#token.kind === 'word' && PREDICATES.includes(this.#token.text.toLowerCase())) {
      const operator = this.#next().text.toLowerCase() as Predicate['operator']
      predicates.push({ operator, operand: this.#operand() })
    }
    return predicates
  }

  #orderBy(): SortKey[] {
    this.#at += 2
    const keys: SortKey[] = []
    do {
      if (this.#isSymbol(',')) this.#next()
      const field = this.#field()
      const word = this.#token.kind === 'word' ? this.#token.text.toLowerCase() : ''
      if (word === 'asc' || word === 'desc') {
        this.#next()
        keys.push({ field, direction: word })
      } else keys.push({ field })
    } while (this.#isSymbol(','))
    if (this.#token.kind !== 'end') throw this.#got("Expecting either ',' or the end of the query")
    return keys
  }
}

import { Multiverse } from '../../shared/server/multiverse.ts'
import { FetchRequest } from '../../shared/server/served.ts'
import { loadTwins } from '../../shared/server/twins.ts'

/**
 * `node --expose-gc scripts/bench/soak.ts [calls]`: one token, one universe, two million calls; the heap after each tenth.
 * The ledger's ring is full after the first thousand; from then on the heap must stay as it is.
 */
const total = Number(process.argv[2] ?? 2_000_000)
const multiverse = new Multiverse(await loadTwins(['slack']))
const universe = multiverse.create({ id: 'default' })
const authorization = multiverse.access(universe).slack?.authorization as string
const path = '/api/conversations.list'
const shell = new Request(`http://localhost${path}`, { headers: { authorization } })

let refused = 0
for (let sent = 1; sent <= total; sent++) {
  const response = await multiverse.serve('slack', {
    universe,
    request: new FetchRequest(shell, 'http://localhost', path, 'limit=1'),
  })
  if (response.status !== 200) refused++
  if (sent % 1000 === 0 && !((await response.json()) as { ok: boolean }).ok) refused++
  if (sent % (total / 10) === 0) {
    global.gc?.()
    const heap = process.memoryUsage().heapUsed / 1024 / 1024
    process.stdout.write(
      `${sent.toLocaleString('en').padStart(9)} calls, ${refused} refused, heap ${heap.toFixed(1)} MB\n`,
    )
  }
}

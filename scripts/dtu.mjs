// JavaScript, since Node would load its type stripper (50 ms) for a TypeScript file that comes before the cache of
// stripped and compiled modules is on.
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./dtu.ts')

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{shared,twins,scripts}/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Every core: much of a test is waiting for sockets and child processes.
    maxWorkers: '100%',
  },
})

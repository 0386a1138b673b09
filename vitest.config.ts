import { defineConfig } from 'vitest/config';

/** Temporal's native module crashes in threads; files run as processes of their own. */
const shared = { pool: 'forks', testTimeout: 45_000, hookTimeout: 60_000 } as const;
const withServers = { ...shared, globalSetup: 'test/harness/servers.ts' } as const;

export default defineConfig({
  test: {
    // A failing run says why; a passing one says what it guarantees.
    reporters: ['default'],
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['{domain,workflows,activities,api,worker,admin-ui,test/rules,test/schema}/**/*.test.{ts,tsx}', '*.test.ts'],
        },
      },
      { test: { ...withServers, name: 'integration', include: ['test/integration/**/*.test.ts', 'db/**/*.test.ts', 'dev/**/*.test.ts'] } },
      {
        test: {
          ...withServers,
          name: 'scenarios',
          include: ['test/scenarios/**/*.test.ts', 'test/replay/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      { test: { ...withServers, name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 60_000 } },
      // Not part of any test run: `npm run record-histories`.
      { test: { ...withServers, name: 'recording', include: ['test/replay/record.ts'], testTimeout: 120_000 } },
    ],
  },
});

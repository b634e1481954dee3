import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/fixed-seed.ts'],
    // One less than the cores is the default: on two cores that is one, and half of the machine waits.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { NO_COLOR: '1', TZ: 'UTC' },
  },
});

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isIncomplete, scanExitCode } from '../../../src/cli/exit-codes.js';
import type { Exposure } from '../../../src/model/exposure.js';
import { emptyReceipt, type Receipt } from '../../../src/model/receipt.js';
import type { ScanOptions, ScanResult } from '../../../src/scan/messages.js';
import { exposure, location } from '../../support/exposures.js';
import { type FakeData, fakeStore } from '../../support/fake-store.js';
import { MainHome, type MainOptions, type MainResult, Sink } from '../../support/run-main.js';

const place = {
  key: location().place,
  system: 'git',
  name: location().placeName,
  audience: 'unknown',
} as const;
const read: Receipt = { ...emptyReceipt, documents: 3, bytes: 1000 };
const gap: Receipt = {
  ...read,
  complete: false,
  gaps: { 'broken-archive': 1 },
  problems: [{ code: 'broken-archive', where: 'lib.zip' }],
};

interface Scanned extends MainResult {
  readonly options: ScanOptions | undefined;
}

/** Runs `sprawl scan` over a store that holds `exposures`, as if the scan had given `receipt`. */
async function scanned(
  receipt: Receipt,
  exposures: readonly Exposure[],
  argv: readonly string[] = [],
  extra: { readonly data?: FakeData; readonly main?: MainOptions } = {},
): Promise<Scanned> {
  let options: ScanOptions | undefined;
  const result: ScanResult = { scan: 1, receipt, places: [{ place, locator: '/x', receipt }] };
  const { store } = fakeStore({ exposures, ...extra.data });
  const run = await new MainHome().runWith(store, ['scan', ...argv], {
    ...extra.main,
    services: {
      scan: async (asked, { onEvent }) => {
        options = asked;
        onEvent({ type: 'phase', phase: 'read', place: 'a\u001b[2Jb' });
        onEvent({ type: 'progress', doneBytes: 500, totalBytes: 1000, documents: 2, findings: 1 });
        return result;
      },
    },
  });
  return { ...run, options };
}

describe('exit code of a scan', () => {
  const open = [exposure()];
  const low = [
    exposure({ status: 'low', locations: [location({ status: { status: 'low' }, confidence: 'low' })] }),
  ];
  const elsewhere = [exposure({ locations: [location({ place: `${place.key}2` as typeof place.key })] })];
  const earlier = [exposure({ locations: [location({ lastScan: 0 })] })];
  const known = [exposure({ locations: [location({ firstScan: 0 })] })];

  it.each([
    ['clean', read, [], [], 0],
    ['open', read, open, [], 1],
    ['open and incomplete', gap, open, [], 1],
    ['incomplete', gap, [], [], 3],
    ['interrupted', { ...read, interrupted: true, complete: false }, open, [], 130],
    ['nothing there', emptyReceipt, [], [], 2],
    ['nothing there, allowed', emptyReceipt, [], ['--allow-empty'], 0],
    ['all from the cache', { ...emptyReceipt, cached: 5 }, [], [], 0],
    ['not found only', { ...emptyReceipt, complete: false, gaps: { 'not-found': 1 } }, [], [], 2],
    ['nothing readable', { ...emptyReceipt, complete: false, gaps: { unreadable: 1 } }, [], [], 3],
    ['open, exit zero', read, open, ['--exit-zero'], 0],
    ['incomplete, exit zero', gap, [], ['--exit-zero'], 0],
    ['low confidence', read, low, [], 0],
    ['open in another place', read, elsewhere, [], 0],
    ['not seen by this scan', read, earlier, [], 0],
    ['known before, --fail-on new', read, known, ['--fail-on', 'new'], 0],
    ['new, --fail-on new', read, open, ['--fail-on', 'new'], 1],
    ['proven, --fail-on high', read, open, ['--fail-on', 'high'], 1],
  ] as const)('%s', async (_, receipt, exposures, argv, status) => {
    expect((await scanned(receipt, exposures, argv)).status).toBe(status);
  });

  it('an accepted gap is none', async () => {
    expect((await scanned(gap, [], [], { data: { acceptedGaps: ['broken-archive'] } })).status).toBe(0);
    expect(isIncomplete({ ...gap, gaps: {} }, ['broken-archive'])).toBe(true);
  });

  it('does not depend on whether stdout is read', async () => {
    const verdict = { failing: 1, receipt: read, acceptedGaps: [], exitZero: false, allowEmpty: false };
    expect(scanExitCode(verdict)).toBe(1);
  });
});

describe('output of a scan', () => {
  it('keeps data on stdout and the rest on stderr', async () => {
    const { stdout, stderr } = await scanned(gap, [exposure()]);
    expect(stdout).toContain('src/config.ts:12:18');
    expect(stderr).toContain('warning: lib.zip: broken archive');
    expect(stderr).toContain('1 secret open (1 new) in 1 place.');
    expect(stderr).toContain('Read 3 documents, 1.0 kB.');
    expect(stderr).toContain('Not covered: broken archive (1).');
    expect(stderr).not.toContain('%');
  });

  it('says what it does not show', async () => {
    const low = exposure({ status: 'low', locations: [location({ status: { status: 'low' } })] });
    const { stdout, stderr } = await scanned(read, [low]);
    expect(stdout).toBe('');
    expect(stderr).toContain('1 low not shown (--all shows them)');
    expect((await scanned(read, [low], ['--all'])).stdout).toContain('low');
    expect((await scanned(read, [low], ['--json'])).stdout.split('\n')).toHaveLength(4);
  });

  it('draws progress only on a terminal, and cleans it away', async () => {
    const stderr = new Sink({ isTTY: true });
    await scanned(read, [], [], { main: { stderr } });
    expect(stderr.text).toContain(' 50 %');
    expect(stderr.text).toContain('500 B of 1.0 kB');
    expect(stderr.text).toContain('a\\x1b[2Jb');
    expect(stderr.text.lastIndexOf('\r\u001b[K')).toBeLessThan(stderr.text.indexOf('open in'));
  });
});

describe('options of a scan', () => {
  it('come from flags', async () => {
    const { options } = await scanned(
      read,
      [],
      [
        'a',
        'https://example.org/x.git',
        '-',
        '--no-history',
        '--jobs',
        '2',
        '--max-memory',
        '1g',
        '--timeout',
        '1.5m',
        '--include',
        '*.ts',
        '--include',
        '*.js',
        '--trust-owner',
      ],
    );
    expect(options).toMatchObject({
      targets: [expect.stringMatching(/^\/.*\/a$/), 'https://example.org/x.git', '-'],
      noHistory: true,
      jobs: 2,
      maxMemory: 1e9,
      timeoutMs: 90_000,
      include: ['*.ts', '*.js'],
      trustOwner: true,
      trustRepoConfig: false,
    });
  });

  it('take targets from a file, and values to look for from stdin', async () => {
    const list = join(new MainHome().folder, 'targets');
    writeFileSync(list, '# comment\n\n/one\n/two\n');
    const { options } = await scanned(read, [], ['--targets-from', list, '--known', '-'], {
      main: { input: 'correcthorse9battery\n' },
    });
    expect(options?.targets).toEqual(['/one', '/two']);
    expect(options?.knownValues?.[0]).toMatchObject({ length: 20, lead: 0 });
  });

  it('--no-store leaves no database behind', async () => {
    let path = '';
    const home = new MainHome();
    await home.run(['scan', '--no-store'], {
      services: {
        openStore: async (options) => {
          path = options.path;
          mkdirSync(join(path, '..', 'seen'));
          return fakeStore({}).store;
        },
        scan: async () => ({ scan: 1, receipt: read, places: [] }),
      },
    });
    expect(path).not.toBe(home.databasePath);
    expect(existsSync(join(path, '..'))).toBe(false);
  });

  it('SIGINT aborts the scan, which tells what is missing', async () => {
    let interrupt = (): void => undefined;
    const { store } = fakeStore({});
    const { status, stderr } = await new MainHome().runWith(store, ['scan'], {
      onInterrupt: (handler) => {
        interrupt = handler;
      },
      services: {
        scan: async (_, { signal }) => {
          interrupt();
          const receipt = { ...read, complete: false, interrupted: signal.aborted };
          return { scan: 1, receipt, places: [] };
        },
      },
    });
    expect(status).toBe(130);
    expect(stderr).toContain('Interrupted');
  });
});

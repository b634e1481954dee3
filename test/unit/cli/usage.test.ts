import { describe, expect, it } from 'vitest';
import { exposure, location, scanTime } from '../../support/exposures.js';
import { fakeStore } from '../../support/fake-store.js';
import { MainHome, Sink } from '../../support/run-main.js';

const coverage = [
  { place: location().place, placeName: 'x', system: 'git', lastScan: scanTime, complete: true, gaps: {} },
] as const;

describe('bad usage', () => {
  it.each([
    [['scna'], /Did you mean scan/],
    [['list', '--jsn'], /Did you mean --json/],
    [['scan', '--jobs', 'many'], /number from 1/],
    [['scan', '--format', 'xml'], /Allowed choices are text, json/],
    [['report', '--live', '--history'], /cannot be used with/],
    [['allow', 'abcd'], /needs its reason/],
    [['db', 'forget'], /what to forget/],
    [['fingerprint', 'hunter2'], /must not be an argument/],
  ])('%j exits 2 and says why', async (argv, message) => {
    const { status, stderr, stdout } = await new MainHome().run(argv);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([2, '']);
  });

  it('never repeats what may be a value', async () => {
    const value = ['gh', 'p_'].join('') + 'x'.repeat(36);
    for (const argv of [
      ['where', value],
      ['show', value],
      ['fingerprint', value],
      ['list', `--value=${value}`],
      ['scan', '--jobs', value],
      ['scan', '--known', value],
      ['where', `--max-age=${value}`],
      ['db', value],
      ['list', value],
      [value],
    ]) {
      const { store } = fakeStore({});
      const { status, stdout, stderr } = await new MainHome().runWith(store, argv);
      expect(status, argv.join(' ')).toBe(2);
      expect(stdout + stderr, argv.join(' ')).not.toContain(value);
    }
  });

  it('shows help on stderr when nothing is asked', async () => {
    const { status, stdout, stderr } = await new MainHome().run([]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: sprawl');
  });
});

describe('help', () => {
  it('names every command and the exit codes', async () => {
    const { status, stdout } = await new MainHome().run(['--help']);
    expect(status).toBe(0);
    for (const name of 'scan list show where report allow fingerprint place key db rules hook doctor completion'.split(
      ' ',
    )) {
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    }
    expect(stdout).toContain('130  interrupted');
  });

  it('prints the version', async () => {
    expect((await new MainHome().run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('streams', () => {
  const { store } = fakeStore({ exposures: [exposure()], coverage });

  it('keeps quiet and keeps its exit code when the reader of stdout is gone', async () => {
    const { status, stderr } = await new MainHome().runWith(store, ['list'], {
      stdout: new Sink({ isBroken: true }),
    });
    expect(status).toBe(1);
    expect(stderr).not.toContain('error');
  });

  it('colours only for a terminal, --color and NO_COLOR deciding otherwise', async () => {
    const home = new MainHome();
    const text = async (
      argv: readonly string[],
      isTTY: boolean,
      env: Record<string, string> = {},
    ): Promise<string> => (await home.runWith(store, argv, { stdout: new Sink({ isTTY }), env })).stdout;
    expect(await text(['report'], false)).not.toContain('\u001b');
    expect(await text(['report'], true)).toContain('\u001b[1m');
    expect(await text(['report'], true, { NO_COLOR: '1' })).not.toContain('\u001b');
    expect(await text(['--color', 'always', 'report'], false)).toContain('\u001b[1m');
    expect(await text(['report', '--color', 'never'], true)).not.toContain('\u001b');
  });

  it('--quiet leaves stderr empty', async () => {
    expect((await new MainHome().runWith(store, ['list', '-q'])).stderr).toBe('');
  });

  it('says nothing of a foreign error but its name', async () => {
    const { status, stderr } = await new MainHome().run(['list'], {
      services: {
        openStore: async () => Promise.reject(new SyntaxError('Unexpected token in "planted value"')),
      },
    });
    expect(status).toBe(2);
    expect(stderr).toContain('SyntaxError');
    expect(stderr).not.toContain('planted');
  });

  it('-vv adds frames, not the message', async () => {
    const { stderr } = await new MainHome().run(['list', '-vv'], {
      services: {
        openStore: async () => Promise.reject(new SyntaxError('Unexpected token in "planted value"')),
      },
    });
    expect(stderr).toMatch(/^\s+at /m);
    expect(stderr).not.toContain('planted');
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('%s names commands and flags', async (shell) => {
    const { status, stdout } = await new MainHome().run(['completion', shell]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/scan/);
    expect(stdout).toMatch(/no-history/);
    expect(stdout).toMatch(/vacuum/);
  });
});

import { describe, expect, it } from 'vitest';
import {
  makeProviderTable,
  parseProviderTable,
  readProviderFacts,
} from '../../../../src/rotation/facts/provider-parse.js';
import { faultText } from '../../../../src/rules/rule-source.js';

function row(id: string, kinds: string, changes: Readonly<Record<string, string>> = {}): string {
  const columns = {
    provider: 'Acme',
    kinds: `[${kinds}]`,
    class: 'static',
    life: 'none',
    twoAtOnce: 'yes 2',
    rotate: 'Make another.',
    revoking: 'now, off',
    typicalConsumers: 'CI',
    alsoBreaks: 'nothing known',
    source: 'https://acme.example/keys',
    checked: 'true',
    asOf: '2026-11',
    ...changes,
  };
  const lines = Object.entries(columns).map(([name, value]) => `    ${name}: ${value}\n`);
  return `  - id: ${id}\n${lines.join('')}`;
}

const fallback = row('generic.password', '', { class: 'unknown', checked: 'false' });
const shipped = { name: 'facts/a.yaml', text: `rows:\n${fallback}${row('acme.key', 'acme-key, acme-id')}` };

function faultsOf(text: string, kinds?: ReadonlySet<string>): string[] {
  return readProviderFacts([{ name: 'facts/b.yaml', text }], kinds).faults.map(faultText);
}

describe('a table', () => {
  it('gives the row of a kind, else the general one', () => {
    const table = parseProviderTable([shipped]);
    expect(table.rowOf('acme-id').id).toBe('acme.key');
    expect(table.rowOf('other').id).toBe('generic.password');
    expect(table.row('other')).toBeUndefined();
  });

  it('is the same in whatever order the files come', () => {
    const other = { name: 'facts/b.yaml', text: `rows:\n${row('zeta', '')}${row('beta', 'beta-key')}` };
    const ids = ['acme.key', 'beta', 'generic.password', 'zeta'];
    expect(parseProviderTable([shipped, other]).rows.map(({ id }) => id)).toEqual(ids);
    expect(parseProviderTable([other, shipped]).rows).toEqual(parseProviderTable([shipped, other]).rows);
  });

  it('takes the class of a kind without a row from the list of kinds', () => {
    const { facts } = readProviderFacts([shipped]);
    const table = makeProviderTable({ ...facts, classes: { other: 'renewable', 'acme-id': 'ephemeral' } });
    expect(table.rowOf('other')).toMatchObject({ id: 'generic.password', class: 'renewable', life: 'none' });
    expect(table.rowOf('acme-id').class).toBe('static');
    expect(table.rowOf('unlisted').class).toBe('unknown');
    expect(table.rowOf('constructor').class).toBe('unknown');
  });

  it('survives being kept as JSON', () => {
    const { facts } = readProviderFacts([shipped]);
    expect(makeProviderTable(JSON.parse(JSON.stringify(facts))).rows).toEqual(
      parseProviderTable([shipped]).rows,
    );
  });

  it('knows the reaction of a provider, one for several', () => {
    const text = `reactions:
  - providers: [Acme, Other]
    reaction: Revokes it.
    consequence: Probably dead.
    probablyDead: true
    selfRotating: false
    source: general knowledge
    checked: false
    asOf: 2026-11
`;
    const table = parseProviderTable([shipped, { name: 'facts/reactions.yaml', text }]);
    expect(table.reactionOf('Other')).toMatchObject({ provider: 'Other', probablyDead: true });
    expect(table.reactionOf('Third')).toBeUndefined();
  });
});

describe('faults name file, line and field', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'a word outside of the grammar',
      row('acme.key', '', { twoAtOnce: 'maybe' }),
      ':20: rows[1].twoAtOnce must',
    ],
    ['an unknown way of revoking', row('acme.key', '', { revoking: 'soon' }), ':22: rows[1].revoking must'],
    ['an unknown class', row('acme.key', '', { class: 'eternal' }), ':18: rows[1].class must be one of'],
    ['a mistyped column', row('acme.key', '', { twoAtonce: 'yes' }), ':28: rows[1].twoAtonce is not a known'],
    ['a missing source', row('acme.key', '', { source: '""' }), ':25: rows[1].source must be a text'],
    [
      'a date that is no month',
      row('acme.key', '', { asOf: '2026-13' }),
      ':27: rows[1].asOf must be a month',
    ],
    [
      'a life without unit',
      row('acme.key', '', { maxTtl: '36 hours' }),
      ':28: rows[1].maxTtl must be a number',
    ],
    [
      'an unknown command',
      row('acme.key', '', { commands: '{stop: x}' }),
      ':28: rows[1].commands.stop is not',
    ],
    ['an id that stands twice', fallback, ':15: rows[1].id stands twice'],
  ];
  it.each(cases)('%s', (_, text, message) => {
    expect(faultsOf(`rows:\n${fallback}${text}`)).toEqual([
      expect.stringContaining(`facts/b.yaml${message}`),
    ]);
  });

  it('a kind in two rows, with the other row', () => {
    expect(faultsOf(`rows:\n${fallback}${row('a', 'k')}${row('b', 'k')}`)).toEqual([
      'facts/b.yaml:30: rows[2].kinds[0] is mapped twice; the other row is a',
    ]);
  });

  it('a kind that no rule has', () => {
    expect(faultsOf(`rows:\n${fallback}${row('a', 'k, l')}`, new Set(['k']))).toEqual([
      'facts/b.yaml:17: rows[1].kinds[1] is not a known kind',
    ]);
  });

  it('a table without the general row', () => {
    expect(faultsOf(`rows:\n${row('a', 'k')}`)).toEqual(['facts/b.yaml:1: rows lack generic.password']);
  });

  it('broken YAML', () => {
    expect(faultsOf('rows: [\n')[0]).toMatch(/^facts\/b\.yaml:\d+: not valid YAML/);
  });

  it('all of them in one problem', () => {
    const text = `rows:\n${row('a', '', { class: 'x' })}${row('b', '', { class: 'y' })}`;
    expect(() => parseProviderTable([shipped, { name: 'facts/c.yaml', text }])).toThrow(
      /c\.yaml:5: rows\[0\]\.class[\s\S]*c\.yaml:18: rows\[1\]\.class/,
    );
  });
});

describe('rows of a project', () => {
  const own = (text: string) =>
    parseProviderTable([shipped], { name: '.sprawl/facts.yaml', text: `rows:\n${text}` });

  it('change single columns, from which the others are computed again', () => {
    const table = own(
      '  - {id: acme.key, twoAtOnce: no, revoking: expiry, source: our contract, asOf: 2026-12}\n',
    );
    expect(table.rowOf('acme-key')).toMatchObject({
      overlap: 'no',
      reversibleDisable: false,
      revocation: 'expiry',
      rotate: 'Make another.',
      source: 'our contract',
      asOf: '2026-12',
      checked: true,
      changedBy: '.sprawl/facts.yaml',
    });
    expect(table.rowOf('acme-key')).not.toHaveProperty('slots');
    expect(table.rowOf('other').changedBy).toBeUndefined();
  });

  it('need a source and a date', () => {
    expect(() => own('  - {id: acme.key, twoAtOnce: no}\n')).toThrow(
      /facts\.yaml:2: rows\[0\]\.source is missing[\s\S]*facts\.yaml:2: rows\[0\]\.asOf is missing/,
    );
  });

  it('are whole when they are new, and take kinds over', () => {
    const table = own(row('acme.id', 'acme-id, own-kind'));
    expect(table.rowOf('own-kind').id).toBe('acme.id');
    expect(table.rowOf('acme-id').id).toBe('acme.id');
    expect(table.rowOf('acme-key').kinds).toEqual(['acme-key']);
    expect(() => own('  - {id: acme.new, source: x, asOf: 2026-12}\n')).toThrow(
      /rows\[0\]\.provider is missing/,
    );
  });

  it('may say that they are not sure', () => {
    expect(
      own('  - {id: acme.key, checked: false, source: x, asOf: 2026-12}\n').row('acme.key')?.checked,
    ).toBe(false);
  });

  it('must not fight each other', () => {
    const text = `${row('one', 'own')}${row('two', 'own')}${row('one', '')}`;
    expect(() => own(text)).toThrow(/rows\[1\]\.kinds\[0\] is mapped twice[\s\S]*rows\[2\]\.id stands twice/);
  });

  it('cannot change reactions', () => {
    const text = 'reactions: []\n';
    expect(() => parseProviderTable([shipped], { name: '.sprawl/facts.yaml', text })).toThrow(
      /facts\.yaml:1: reactions is not a known field/,
    );
  });
});

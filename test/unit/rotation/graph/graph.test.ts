import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dossier, SecretRelation } from '../../../../src/rotation/dossier.js';
import { adjacencyOf, targetsOf } from '../../../../src/rotation/graph/adjacency.js';
import { componentsOf } from '../../../../src/rotation/graph/components.js';
import { graphFacts } from '../../../../src/rotation/graph/graph.js';
import type { GraphFacts } from '../../../../src/rotation/graph/graph-facts.js';
import { type InventoryEntry, noImports } from '../../../../src/rotation/imports.js';
import '../../../support/fixed-seed.js';
import { fingerprintOf, headLocation, secretOf } from '../../../support/exposure-builder.js';
import { consumerOf, type DossierOptions, dossiersOf } from '../../../support/planning.js';

const copy = headLocation('acme/api', 'config/.env');

function entryOf(id: string, secret: string, overrides: Partial<InventoryEntry> = {}): InventoryEntry {
  return {
    id,
    match: [{ fingerprint: fingerprintOf(secret) }],
    environment: [],
    consumersComplete: false,
    consumers: [],
    resources: [],
    vault: [],
    origin: { file: 'inventory.yaml', line: 1 },
    ...overrides,
  };
}

/** Facts by name of the secret. */
function factsOf(
  names: readonly string[],
  options: DossierOptions & { readonly identities?: readonly InventoryEntry[] } = {},
): (name: string) => GraphFacts {
  const { identities = [], ...rest } = options;
  const secrets = names.map((name) => secretOf(name, { locations: [copy], kind: 'gitlab-deploy-token' }));
  const facts = graphFacts(dossiersOf(secrets, rest), { ...noImports, identities });
  return (name) => {
    const found = facts.get(fingerprintOf(name));
    if (found === undefined) throw new Error(`nothing is known of ${name}`);
    return found;
  };
}

const selfRotating = {
  consumers: {
    token: [consumerOf('vault', { kind: 'service' })],
    other: [consumerOf('vault'), consumerOf('ci', { kind: 'ci', dependsOn: ['vault'] })],
  },
  identities: [entryOf('deploy-token', 'token', { rotation: { through: ['ci'] } })],
};

describe('graph of secrets and consumers', () => {
  it('scenario 18: a token that is needed to change itself is told as the way round', () => {
    const facts = factsOf(['token', 'other'], selfRotating);
    expect(facts('token')).toMatchObject({
      inCycle: true,
      selfRotating: true,
      cycle: ['deploy-token', 'ci', 'vault', 'deploy-token'],
    });
    expect(facts('token').secondPath).toBeUndefined();
    expect(facts('other')).toMatchObject({ inCycle: false, selfRotating: false });
  });

  it('a carrier that does without it is the second path', () => {
    const identities = [entryOf('deploy-token', 'token', { rotation: { through: ['break-glass', 'ci'] } })];
    const facts = factsOf(['token', 'other'], { ...selfRotating, identities });
    expect(facts('token')).toMatchObject({ inCycle: true, secondPath: 'break-glass' });
  });

  it('a job that replaces the secret it uses is a cycle without any inventory', () => {
    const job = consumerOf('gha:acme/api/ci.yml#rotate', { kind: 'ci', rotates: [fingerprintOf('token')] });
    expect(factsOf(['token'], { consumers: { token: [job] } })('token')).toMatchObject({
      selfRotating: true,
      cycle: [expect.stringContaining('gitlab-deploy-token'), job.name, expect.any(String)],
    });
  });

  it('a secret that is rotated through its own principal is a cycle of one', () => {
    const identities = [entryOf('root', 'token', { rotation: { through: ['root'] } })];
    expect(factsOf(['token'], { identities })('token').cycle).toEqual(['root', 'root']);
  });

  it('two secrets that each carry out the rotation of the other are a cycle, and none rotates itself', () => {
    const identities = [
      entryOf('a', 'first', { rotation: { through: ['b'] } }),
      entryOf('b', 'second', { rotation: { through: ['a'], overlap: 'yes' } }),
    ];
    const facts = factsOf(['first', 'second'], { identities });
    expect(facts('first')).toMatchObject({
      inCycle: true,
      selfRotating: false,
      cycle: ['a', 'b', 'a'],
      cycleStart: 'b',
    });
    expect(facts('second').cycle).toEqual(['b', 'a', 'b']);
  });

  it('scenario 19: consumers that need each other make no secret part of a cycle', () => {
    const consumers = [
      consumerOf('a'),
      consumerOf('b', { dependsOn: ['a'] }),
      consumerOf('c', { dependsOn: ['b'] }),
      consumerOf('x', { dependsOn: ['y'] }),
      consumerOf('y', { dependsOn: ['x'] }),
    ];
    expect(factsOf(['token'], { consumers: { token: consumers } })('token').inCycle).toBe(false);
  });

  it('former consumers need nothing any more', () => {
    const job = consumerOf('job', { rotates: [fingerprintOf('token')], current: 'former' });
    expect(factsOf(['token'], { consumers: { token: [job] } })('token').inCycle).toBe(false);
  });

  it('goes round by the shortest way', () => {
    const consumers = {
      token: [consumerOf('z'), consumerOf('c')],
      other: [consumerOf('a', { dependsOn: ['b'] }), consumerOf('b', { dependsOn: ['c'] })],
    };
    const identities = [entryOf('deploy-token', 'token', { rotation: { through: ['a', 'z'] } })];
    expect(factsOf(['token', 'other'], { consumers, identities })('token').cycle).toEqual([
      'deploy-token',
      'z',
      'deploy-token',
    ]);
  });

  it('lists what was made with a secret at any depth, and what it opens apart', () => {
    const secrets = [
      secretOf('ca', { locations: [copy], relations: { signs: ['leaf'], opens: ['box'] } }),
      secretOf('leaf', { locations: [copy], relations: { mints: ['token'] } }),
      secretOf('token', { locations: [copy] }),
      secretOf('box', { locations: [copy], relations: { encrypts: ['inner'] } }),
      secretOf('inner', { locations: [copy] }),
    ];
    const facts = graphFacts(dossiersOf(secrets)).get(fingerprintOf('ca'));
    expect(facts?.children).toEqual([fingerprintOf('leaf'), fingerprintOf('token')].sort());
    expect(facts?.secondRing).toEqual([fingerprintOf('box'), fingerprintOf('inner')].sort());
    expect(facts?.inCycle).toBe(false);
  });
});

/** Who can reach whom, the slow and plain way. */
function reachable(size: number, edges: readonly (readonly [number, number])[]): boolean[][] {
  const reach = Array.from({ length: size }, (_, from) =>
    Array.from({ length: size }, (_, to) => from === to),
  );
  for (const [from, to] of edges) (reach[from] as boolean[])[to] = true;
  for (let by = 0; by < size; by++)
    for (let from = 0; from < size; from++)
      for (let to = 0; to < size; to++)
        if (reach[from]?.[by] && reach[by]?.[to]) (reach[from] as boolean[])[to] = true;
  return reach;
}

describe('components', () => {
  const graphs = fc
    .integer({ min: 1, max: 9 })
    .chain((size) =>
      fc.tuple(fc.constant(size), fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 24 })),
    );

  it('are the nodes that reach each other, and none has a lower number than those it leads to', () => {
    fc.assert(
      fc.property(graphs, ([size, edges]) => {
        const { of, sizes } = componentsOf(adjacencyOf(size, edges.flat()));
        const reach = reachable(size, edges);
        for (let a = 0; a < size; a++) {
          for (let b = 0; b < size; b++) {
            expect(of[a] === of[b]).toBe(reach[a]?.[b] === true && reach[b]?.[a] === true);
            if (reach[a]?.[b]) expect(of[a]).toBeGreaterThanOrEqual(of[b] ?? -1);
          }
        }
        expect(sizes.reduce((sum, count) => sum + count, 0)).toBe(size);
      }),
    );
  });

  it('keep all edges of a node together, ascending', () => {
    fc.assert(
      fc.property(graphs, ([size, edges]) => {
        const adjacency = adjacencyOf(size, edges.flat());
        for (let node = 0; node < size; node++) {
          const expected = edges.filter(([from]) => from === node).map(([, to]) => to);
          expect([...targetsOf(adjacency, node)]).toEqual(expected.sort((a, b) => a - b));
        }
      }),
    );
  });

  it('of a chain of 200,000 nodes, and of a ring of as many, are found without a deep stack', () => {
    const size = 200_000;
    const chain = Array.from({ length: size - 1 }, (_, node) => [node, node + 1]).flat();
    expect(componentsOf(adjacencyOf(size, chain)).sizes).toHaveLength(size);
    expect(componentsOf(adjacencyOf(size, [...chain, size - 1, 0])).sizes).toEqual([size]);
  });
});

describe('graph facts of many secrets', () => {
  const [prototype] = dossiersOf([secretOf('a', { locations: [copy] })]);

  function chained(size: number, isRing: boolean): Dossier[] {
    const name = (at: number): string => at.toString(16).padStart(64, '0');
    const relation = (to: number, direction: 'from' | 'to'): SecretRelation => ({
      relation: 'mints',
      to: name(to),
      direction,
      evidence: '',
      confidence: 'probable',
    });
    return Array.from({ length: size }, (_, at) => ({
      ...(prototype as Dossier),
      fingerprint: name(at),
      relations: [
        ...(at + 1 < size || isRing ? [relation((at + 1) % size, 'from')] : []),
        ...(at > 0 || isRing ? [relation((at + size - 1) % size, 'to')] : []),
      ],
    }));
  }

  it('chain of 200,000: nobody is in a cycle, and what hangs on one is found', () => {
    const facts = graphFacts(chained(200_000, false));
    expect([...facts.values()].some(({ inCycle }) => inCycle)).toBe(false);
    expect(facts.get('0'.repeat(64))?.children.length).toBeGreaterThan(999);
  });

  it('ring of 50,000: every secret has a way round', () => {
    const facts = graphFacts(chained(50_000, true));
    for (const { inCycle, cycle } of facts.values()) {
      if (!inCycle || cycle?.at(0) !== cycle?.at(-1)) expect.fail(`no way round: ${cycle?.join(' ')}`);
    }
  });
});

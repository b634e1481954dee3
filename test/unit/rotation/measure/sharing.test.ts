import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Consumer } from '../../../../src/rotation/dossier.js';
import { environmentRanks, rankedEnvironments } from '../../../../src/rotation/measure/environments.js';
import { type SharingInput, sharingOf } from '../../../../src/rotation/measure/sharing.js';

const rankOf = environmentRanks([]);
const nothing: SharingInput = {
  environments: [],
  consumers: [],
  copies: [],
  owner: undefined,
  isBound: true,
  rankOf,
};

function consumer(name: string, overrides: Partial<Consumer> = {}): Consumer {
  return {
    name,
    kind: 'service',
    environment: 'prod',
    how: 'literal',
    reload: 'restart',
    runs: 'continuous',
    dependsOn: [],
    acceptsTwo: 'unknown',
    current: 'yes',
    rules: [],
    confidence: 'strong',
    evidence: [],
    ...overrides,
  };
}

const points = (input: Partial<SharingInput>): Record<string, number> =>
  Object.fromEntries(
    sharingOf({ ...nothing, ...input }).terms.flatMap((term) =>
      term.points === 0 ? [] : [[term.name, term.points]],
    ),
  );

describe('sharing', () => {
  it('of what one has alone is nothing', () => {
    expect(
      sharingOf({ ...nothing, environments: ['prod'], consumers: [consumer('a')], owner: 'x' }),
    ).toMatchObject({
      score: 0,
      name: 'single',
    });
  });

  it('grows with environments, more with production among them', () => {
    expect(points({ environments: ['test', 'dev'] })).toEqual({ environments: 15 });
    expect(points({ environments: ['prod', 'staging'] })).toEqual({ environments: 15, production: 10 });
    expect(points({ environments: ['staging', 'test', 'dev', 'local'] })).toEqual({ environments: 30 });
  });

  it('counts services by name, and none that are former', () => {
    const consumers = [
      consumer('a'),
      consumer('a', { environment: 'dev' }),
      consumer('b'),
      consumer('c', { current: 'former' }),
    ];
    expect(points({ consumers })).toEqual({ services: 6 });
  });

  it('counts the teams that answer for a part of it', () => {
    expect(
      points({
        owner: 'x',
        consumers: [consumer('a', { owner: 'y' }), consumer('b', { kind: 'ci', owner: 'z' })],
      }),
    ).toEqual({ teams: 16 });
  });

  it('an agent beside something else', () => {
    expect(points({ consumers: [consumer('a', { kind: 'agent' })] })).toEqual({});
    expect(points({ consumers: [consumer('a', { kind: 'agent' }), consumer('b', { kind: 'ci' })] })).toEqual({
      agent: 10,
    });
  });

  it('terms add up, within 100', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
    const consumers = fc.array(
      fc
        .record({ name, kind: fc.constantFrom<Consumer['kind']>('service', 'agent', 'ci'), owner: name })
        .map(({ name: id, ...rest }) => consumer(id, rest)),
    );
    const input = fc.record({
      environments: fc.subarray(['prod', 'staging', 'test', 'dev']),
      consumers,
      isBound: fc.boolean(),
    });
    fc.assert(
      fc.property(input, (drawn) => {
        const { score, sum, terms } = sharingOf({ ...nothing, ...drawn });
        expect(terms.reduce((total, term) => total + term.points, 0)).toBe(sum);
        expect(score).toBe(sum);
        expect(score).toBeLessThanOrEqual(100);
      }),
    );
  });
});

describe('environments', () => {
  it('stand in order of their rank, those that nobody ranked between recovery and staging', () => {
    const names = ['dev', 'live', 'unknown', 'staging', 'prod', 'dr', 'dev'];
    expect(rankedEnvironments(names, rankOf)).toEqual(['prod', 'dr', 'live', 'staging', 'dev']);
  });
});

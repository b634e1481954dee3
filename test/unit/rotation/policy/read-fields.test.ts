import { describe, expect, it } from 'vitest';
import type { Exposure } from '../../../../src/model/exposure.js';
import { factAttributes, secretSubject } from '../../../../src/rotation/attributes.js';
import { buildDossiers } from '../../../../src/rotation/build-dossier.js';
import type { Consumer, Dossier } from '../../../../src/rotation/dossier.js';
import type { Fact } from '../../../../src/rotation/fact.js';
import type { ProviderRow } from '../../../../src/rotation/facts/provider-table.js';
import { noGraphFacts } from '../../../../src/rotation/graph/graph-facts.js';
import type { Party } from '../../../../src/rotation/imports.js';
import { noImports } from '../../../../src/rotation/imports.js';
import { decide } from '../../../../src/rotation/policy/decide.js';
import { type FieldName, fieldNames, fieldSorts } from '../../../../src/rotation/policy/fields.js';
import { subjectIfPublic } from '../../../../src/rotation/policy/if-public.js';
import { fieldReader, type PolicySubject } from '../../../../src/rotation/policy/read-fields.js';
import {
  chatLocation,
  daysAgo,
  estateOf,
  factOf,
  fingerprintOf,
  headLocation,
  providerRow,
  providerTableOf,
  secretOf,
  testNow,
} from '../../../support/exposure-builder.js';
import { defaultPolicy } from '../../../support/policy-builder.js';

const own = secretSubject(fingerprintOf('a'));

function stated(attribute: string, value: Fact['value'], overrides: Partial<Fact> = {}): Fact {
  return factOf(own, attribute, value, {
    origin: 'inventory',
    confidence: 'asserted',
    rule: 'O1',
    ...overrides,
  });
}

function consumerOf(name: string, overrides: Partial<Consumer> = {}): Consumer {
  return {
    name,
    kind: 'service',
    environment: 'unknown',
    how: 'literal',
    reload: 'restart',
    runs: 'continuous',
    dependsOn: [],
    acceptsTwo: 'unknown',
    current: 'yes',
    rules: ['C6'],
    confidence: 'strong',
    evidence: [],
    ...overrides,
  };
}

interface Given {
  readonly secret?: Exposure;
  readonly facts?: readonly Fact[];
  readonly consumers?: readonly Consumer[];
  readonly parties?: readonly Party[];
  readonly providers?: readonly ProviderRow[];
  readonly subject?: Partial<PolicySubject>;
}

const plain = secretOf('a', { locations: [headLocation('github.com/acme/api', 'config/.env')] });

function subjectOf({
  secret = plain,
  facts = [],
  consumers = [],
  parties = [],
  providers,
  subject,
}: Given): PolicySubject {
  const estate = estateOf([secret], {
    imports: { ...noImports, parties },
    ...(providers === undefined ? {} : { providers: providerTableOf(...providers) }),
  });
  const [dossier] = buildDossiers(estate, facts, new Map([[fingerprintOf('a'), consumers]]), new Map());
  return { dossier: dossier as Dossier, graph: noGraphFacts, isExcepted: false, now: testNow, ...subject };
}

/** What the given fields show. */
function fieldsOf(given: Given, ...names: readonly FieldName[]): unknown[] {
  const read = fieldReader(subjectOf(given));
  return names.map((name) => {
    const { values, stale, isAtLeast } = read(name);
    const shown = values === undefined ? 'unknown' : fieldSorts[name].isSet === true ? values : values[0];
    return stale ? `${String(shown)} (stale)` : isAtLeast === true ? `>= ${String(shown)}` : shown;
  });
}

const day = 86_400_000;

describe('fields of a secret of which little is known', () => {
  it('are unknown where a "no" would be a guess', () => {
    const unknown = fieldNames.filter((name) => fieldsOf({}, name)[0] === 'unknown');
    expect(unknown).toEqual([
      'secret.class',
      'secret.lapsed',
      'secret.liveness',
      'secret.expires_in',
      'secret.belongs_to',
      'owner.confidence',
      'owner.status',
      'owner.type',
      'identity.kind',
      'identity.privilege',
      'identity.status',
      'identity.workload_identity_available',
      'environment.set',
      'environment.highest',
      'environment.count',
      'consumers.count',
      'consumers.kinds',
      'consumers.accepts_two',
      'consumers.reload',
      'consumers.third_party',
      'consumers.shipped',
      'consumers.agents',
      'provider.overlap',
      'provider.reversible_disable',
      'provider.revocation',
      'vault.mapped',
    ]);
  });

  it('say what the database knows', () => {
    expect(
      fieldsOf(
        {},
        'secret.kind',
        'secret.status',
        'secret.confidence',
        'secret.strength',
        'secret.age',
        'exposure.level',
        'exposure.places',
        'exposure.human_copies',
        'exposure.public_ever',
        'owner.known',
        'consumers.coverage',
        'provider.fact',
        'path',
        'repository',
      ),
    ).toEqual([
      'generic-api-key',
      'open',
      'high',
      128,
      `>= ${100 * day}`,
      'internal-head',
      1,
      0,
      false,
      false,
      'none',
      'generic.password',
      ['config/.env'],
      ['acme/api', 'github.com/acme/api'],
    ]);
  });
});

describe('exposure', () => {
  it('may have been public where the audience of one copy is unknown', () => {
    const secret = secretOf('a', {
      locations: [headLocation('acme/api', 'a'), headLocation('acme/b', 'b', { audience: 'unknown' })],
    });
    expect(fieldsOf({ secret }, 'exposure.public_ever', 'exposure.audience')).toEqual(['unknown', 'unknown']);
  });

  it('counts human copies apart', () => {
    const secret = secretOf('a', { locations: [headLocation('acme/api', 'a'), chatLocation('#ops', '1')] });
    expect(fieldsOf({ secret }, 'exposure.places', 'exposure.human_copies', 'repository')).toEqual([
      2,
      1,
      ['acme/api'],
    ]);
  });

  it('is what policy would see had it been public', () => {
    const subject = subjectOf({});
    expect(decide(defaultPolicy(), subject).rule).toBe('owner-missing');
    expect(decide(defaultPolicy(), subjectIfPublic(subject))).toMatchObject({
      rule: 'public',
      strategy: 'emergency',
      deadlineMs: 3_600_000,
    });
  });
});

describe('lifetime', () => {
  it('is known to be endless, or so many days, or over', () => {
    const expires = (value: string): unknown[] =>
      fieldsOf({ facts: [stated(factAttributes.expires, value)] }, 'secret.expires_in');
    expect(expires('never')).toEqual([Number.POSITIVE_INFINITY]);
    expect(expires(daysAgo(-10))).toEqual([10 * day]);
    expect(expires(daysAgo(2))).toEqual([-2 * day]);
  });

  it('has an exact age where its issue is known', () => {
    expect(fieldsOf({ facts: [stated(factAttributes.issued, daysAgo(500))] }, 'secret.age')).toEqual([
      500 * day,
    ]);
  });
});

describe('owner', () => {
  const owner = (value: string, overrides: Partial<Fact> = {}): Fact =>
    stated(factAttributes.owner, value, overrides);
  const names: readonly FieldName[] = ['owner.known', 'owner.confidence', 'owner.status', 'owner.type'];

  it('is known with how sure it is, and with the party that it is', () => {
    const parties: Party[] = [{ id: 'jo', type: 'person', emails: [], handles: [], status: 'left' }];
    expect(fieldsOf({ facts: [owner('jo')], parties }, ...names)).toEqual([
      true,
      'asserted',
      'left',
      'person',
    ]);
    expect(fieldsOf({ facts: [owner('team-x')] }, ...names)).toEqual([
      true,
      'asserted',
      'unknown',
      'unknown',
    ]);
  });

  it('that is stale is not known, and stale', () => {
    expect(fieldsOf({ facts: [owner('jo', { stale: true })] }, ...names)).toEqual([
      'false (stale)',
      'unknown (stale)',
      'unknown (stale)',
      'unknown (stale)',
    ]);
  });
});

describe('consumers', () => {
  it('are counted by kind; former ones only as shipped clients', () => {
    const consumers = [
      consumerOf('a', { kind: 'agent' }),
      consumerOf('b', { kind: 'agent', current: 'former' }),
      consumerOf('c', { kind: 'third-party' }),
      consumerOf('d', { kind: 'shipped-client', current: 'former', reload: 'release' }),
      consumerOf('e', { kind: 'unknown', reload: 'unknown' }),
    ];
    expect(
      fieldsOf(
        { consumers },
        'consumers.count',
        'consumers.coverage',
        'consumers.kinds',
        'consumers.reload',
        'consumers.agents',
        'consumers.third_party',
        'consumers.shipped',
      ),
    ).toEqual(['>= 3', 'derived', '>= agent,third-party', '>= restart', '>= 1', '>= 1', '>= 1']);
  });

  it('are all of them only when somebody says so', () => {
    const facts = [stated(factAttributes.consumersComplete, 'yes')];
    const consumers = [consumerOf('a', { how: 'imported', confidence: 'asserted' })];
    const names: readonly FieldName[] = [
      'consumers.coverage',
      'consumers.count',
      'consumers.kinds',
      'consumers.agents',
    ];
    expect(fieldsOf({ facts, consumers }, ...names)).toEqual(['attested', 1, ['service'], 0]);
    expect(fieldsOf({ consumers }, ...names)).toEqual(['derived', '>= 1', '>= service', '>= 0']);
  });

  it('accept two values when all do, and not when one does not', () => {
    const facts = [stated(factAttributes.consumersComplete, 'yes')];
    const accepts = (...answers: readonly Consumer['acceptsTwo'][]): unknown =>
      fieldsOf(
        {
          facts,
          consumers: answers.map((acceptsTwo, index) =>
            consumerOf(`c${index}`, { acceptsTwo, how: 'imported' }),
          ),
        },
        'consumers.accepts_two',
      )[0];
    expect(accepts('yes', 'yes')).toBe('yes');
    expect(accepts('yes', 'unknown')).toBe('unknown');
    expect(accepts('unknown', 'no')).toBe('no');
  });

  it('of a list that was stated complete long ago are not known to be all', () => {
    const facts = [stated(factAttributes.consumersComplete, 'yes', { stale: true })];
    expect(fieldsOf({ facts, consumers: [consumerOf('a')] }, 'consumers.coverage')).toEqual([
      'derived (stale)',
    ]);
  });
});

describe('provider, graph and the rest', () => {
  it('come from the row, from what was stated, and from the graph', () => {
    const given: Given = {
      providers: [
        providerRow({
          id: 'x.key',
          kinds: ['generic-api-key'],
          provider: 'x',
          overlap: 'no',
          revocation: 'now',
          cascade: true,
        }),
      ],
      facts: [
        stated(factAttributes.overlap, 'yes'),
        stated(factAttributes.privilege, 'admin'),
        stated(factAttributes.vault, 'kv/a#b'),
        stated(factAttributes.environment, 'staging'),
        stated(factAttributes.environment, 'prod'),
      ],
      subject: {
        graph: { ...noGraphFacts, inCycle: true, children: ['x', 'y'], secondRing: ['z'] },
        isExcepted: true,
      },
    };
    expect(
      fieldsOf(
        given,
        'provider.fact',
        'secret.provider',
        'provider.overlap',
        'provider.revocation',
        'provider.reversible_disable',
        'provider.cascade',
        'identity.privilege',
        'vault.mapped',
        'environment.highest',
        'environment.count',
        'graph.in_cycle',
        'graph.self_rotating',
        'graph.children',
        'graph.second_ring',
        'exception.active',
        'secret.status',
      ),
    ).toEqual([
      'x.key',
      'x',
      'yes',
      'now',
      false,
      true,
      'admin',
      true,
      'prod',
      2,
      true,
      false,
      2,
      1,
      true,
      'excepted',
    ]);
  });

  it('are of the sort that the language says', () => {
    const read = fieldReader(subjectOf({ consumers: [consumerOf('a')] }));
    for (const name of fieldNames) {
      const sort = fieldSorts[name];
      const { values = [] } = read(name);
      if (sort.isSet !== true) expect(values.length, name).toBeLessThanOrEqual(1);
      const type =
        sort.type === 'flag'
          ? 'boolean'
          : sort.type === 'number' || sort.type === 'duration'
            ? 'number'
            : 'string';
      for (const value of values) expect(typeof value, name).toBe(type);
    }
  });
});

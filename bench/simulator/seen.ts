/** What the tool gets to see of an organisation: files with copies, places, an inventory, and answers to its questions. */
import type { Exposure } from '../../src/model/exposure.js';
import type { Estate } from '../../src/rotation/estate.js';
import type { ProviderTable } from '../../src/rotation/facts/provider-table.js';
import type { InventoryEntry, PlaceFact } from '../../src/rotation/imports.js';
import { noImports } from '../../src/rotation/imports.js';
import {
  chatLocation,
  estateOf,
  filesOf,
  headLocation,
  type LocationDraft,
  secretOf,
  testNow,
} from '../../test/support/exposure-builder.js';
import type { Organisation, TrueSecret, TrueUser } from './organisation.js';

/** Questions that somebody answered, by secret. */
export type Answers = ReadonlyMap<string, ReadonlySet<string>>;

/** Stands where the value would. */
const valueMark = 'VALUE-OF-THE-SECRET';

interface HoldingFile {
  readonly path: string;
  readonly lines: readonly string[];
}

function composeFile({ name, environment }: TrueUser, variable: string): HoldingFile {
  return {
    path: `${name}/deploy/${environment}/compose.yml`,
    lines: [
      'services:',
      `  ${name}:`,
      `    image: acme/${name}`,
      '    environment:',
      `      ${variable}: ${valueMark}`,
    ],
  };
}

function cronJob({ name, environment, cron }: TrueUser, variable: string): HoldingFile {
  return {
    path: `jobs/${environment}/${name}.yaml`,
    lines: [
      'apiVersion: batch/v1',
      'kind: CronJob',
      'metadata:',
      `  name: ${name}`,
      `  namespace: ${environment}`,
      'spec:',
      `  schedule: "${cron ?? ''}"`,
      '  jobTemplate:',
      '    spec:',
      '      template:',
      '        spec:',
      '          containers:',
      '            - name: job',
      '              env:',
      `                - name: ${variable}`,
      `                  value: ${valueMark}`,
    ],
  };
}

function workflow({ name, environment }: TrueUser, variable: string): HoldingFile {
  return {
    path: `.github/workflows/${name}.yml`,
    lines: [
      `name: ${name}`,
      'on: push',
      'jobs:',
      `  ${name}:`,
      '    runs-on: ubuntu-latest',
      `    environment: ${environment}`,
      '    steps:',
      '      - run: ./go',
      '        env:',
      `          ${variable}: ${valueMark}`,
    ],
  };
}

function agentConfig({ name, environment }: TrueUser, variable: string): HoldingFile {
  return {
    path: `agents/${environment}/${name}/.mcp.json`,
    lines: [
      '{ "mcpServers": {',
      `  "${name}": { "command": "serve", "env": {`,
      `    "${variable}": "${valueMark}"`,
      '  } }',
      '} }',
    ],
  };
}

const fileOf: Readonly<Record<TrueUser['kind'], (user: TrueUser, variable: string) => HoldingFile>> = {
  service: composeFile,
  batch: cronJob,
  ci: workflow,
  agent: agentConfig,
};

function repositoryOf({ seed }: Organisation, { name }: TrueSecret): string {
  return `acme${seed}/${name}`;
}

function exposureOf(organisation: Organisation, secret: TrueSecret): Exposure {
  const repository = repositoryOf(organisation, secret);
  const audience = secret.isAudienceStated ? secret.audience : 'unknown';
  const locations: LocationDraft[] = secret.users
    .filter(({ inCode }) => inCode)
    .map((user) => {
      const { path, lines } = fileOf[user.kind](user, secret.variable);
      const line = lines.findIndex((text) => text.includes(valueMark)) + 1;
      return headLocation(repository, path, { audience, line, slot: secret.variable });
    });
  if (locations.length === 0) {
    locations.push(headLocation(repository, 'notes.txt', { audience, slot: secret.variable }));
  }
  if (secret.inChat) locations.push(chatLocation(`ops-${organisation.seed}`, `m-${secret.name}`));
  return secretOf(secret.name, { kind: secret.kind, locations });
}

function filesFor(organisation: Organisation, secret: TrueSecret): Readonly<Record<string, string>> {
  const files: Record<string, string> = { 'notes.txt': `${secret.variable}=${valueMark}\n` };
  for (const user of secret.users.filter(({ inCode }) => inCode)) {
    const { path, lines } = fileOf[user.kind](user, secret.variable);
    files[path] = `${lines.join('\n')}\n`;
  }
  if (organisation.hasCodeOwners) files['.github/CODEOWNERS'] = '* @acme/team\n';
  return files;
}

const onDay = testNow.slice(0, 10);

/** An entry as it was, and with what was answered since. People answer truly, and do not know what nobody sees. */
function entryOf(
  secret: TrueSecret,
  fingerprint: string,
  answered: ReadonlySet<string>,
): InventoryEntry | undefined {
  const { hasEntry, users, statesOverlap, overlaps } = secret;
  if (!hasEntry && answered.size === 0) return undefined;
  const knowsOverlap = statesOverlap || answered.has('OVERLAP_UNKNOWN');
  const isAsked = answered.has('CONSUMERS_UNKNOWN') || answered.has('AGENT_UNMAPPED');
  const listed = users.filter(
    ({ inInventory, inCode }) => (hasEntry && inInventory) || (isAsked && (inInventory || inCode)),
  );
  return {
    id: `id-${secret.name}`,
    match: [{ fingerprint }],
    owner: 'team',
    environment: [],
    ...(knowsOverlap ? { rotation: { overlap: overlaps ? 'yes' : 'no' } } : {}),
    // Who is asked what uses it, and finds nothing that does, says so.
    consumersComplete: secret.saysComplete || (answered.has('CONSUMERS_UNKNOWN') && users.length === 0),
    consumers: listed.map(({ name, kind, environment, cron, dependsOn }) => ({
      name,
      kind,
      environment,
      ...(answered.has('AGENT_UNMAPPED') ? { owner: 'team' } : {}),
      reload: 'restart',
      ...(cron === undefined ? {} : { runs: `cron ${cron}` }),
      dependsOn: dependsOn === undefined ? [] : [dependsOn],
    })),
    resources: [{ kind: 'api', address: `api.${secret.name}.example` }],
    vault: [],
    reviewed: onDay,
    origin: { file: 'inventory.yaml', line: 1 },
  };
}

/** The estate that derivations look at. */
export function seenEstate(organisation: Organisation, providers: ProviderTable, answers: Answers): Estate {
  const exposures = organisation.secrets.map((secret) => exposureOf(organisation, secret));
  const answered = (name: string): ReadonlySet<string> => answers.get(name) ?? new Set();
  const placeFacts = organisation.secrets.flatMap((secret): PlaceFact[] =>
    answered(secret.name).has('AUDIENCE_UNKNOWN')
      ? [{ place: `git:${repositoryOf(organisation, secret)}`, audience: secret.audience }]
      : [],
  );
  const fingerprints = new Map(
    organisation.secrets.map(({ name }, at) => [name, exposures[at]?.fingerprint ?? '']),
  );
  return estateOf(exposures, {
    providers,
    files: organisation.secrets.map((secret) =>
      filesOf(`git:${repositoryOf(organisation, secret)}`, filesFor(organisation, secret)),
    ),
    imports: {
      ...noImports,
      parties: [{ id: 'team', type: 'team', emails: [], handles: ['@acme/team'], status: 'active' }],
      identities: organisation.secrets.flatMap(
        (secret) => entryOf(secret, fingerprints.get(secret.name) ?? '', answered(secret.name)) ?? [],
      ),
      placeFacts,
    },
  });
}

/** The inventory file: who there is, which identities there are, and what the scan cannot know. */
import type { EnvironmentName, Imports, OrganisationSecret, PlaceFact } from '../imports.js';
import { environmentsIn, readEntry } from './entries.js';
import { Fields, given, uniqueBy } from './fields.js';
import { readParty, readVendor } from './parties.js';
import type { ImportSource } from './source.js';
import type { ImportNode } from './tree.js';
import { audienceWords } from './vocabulary.js';

export const inventoryKeys: readonly string[] = [
  'version',
  'reviewed',
  'environments',
  'parties',
  'vendors',
  'places',
  'organisation_secrets',
  'identities',
];

export type Inventory = Pick<
  Imports,
  'parties' | 'environments' | 'identities' | 'placeFacts' | 'organisationSecrets'
>;

function readEnvironment(fields: Fields): EnvironmentName | undefined {
  fields.only(['name', 'rank', 'match']);
  const [name, ...others] = environmentsIn(fields, 'name');
  if (name === undefined || others.length > 0) return fields.fault('name', 'must name one environment');
  return { name, ...given('rank', fields.whole('rank', 1, 100)), match: fields.texts('match') };
}

function isYes(answer: 'yes' | 'no' | 'unknown' | undefined): boolean | undefined {
  return answer === undefined || answer === 'unknown' ? undefined : answer === 'yes';
}

function readPlace(fields: Fields): PlaceFact | undefined {
  fields.only(['place', 'audience', 'public_ever', 'archived', 'custodian']);
  const place = fields.needed('place');
  const rest = {
    ...given('audience', fields.word('audience', audienceWords)),
    ...given('publicEver', isYes(fields.yesNo('public_ever'))),
    ...given('archived', isYes(fields.yesNo('archived'))),
    ...given('custodian', fields.text('custodian')),
  };
  return place === undefined ? undefined : { place, ...rest };
}

function readOrganisationSecret(fields: Fields): OrganisationSecret | undefined {
  fields.only(['name', 'organisation', 'entry']);
  const name = fields.needed('name');
  const rest = {
    ...given('organisation', fields.text('organisation')),
    ...given('entry', fields.text('entry')),
  };
  return name === undefined ? undefined : { name, ...rest };
}

/** `acme/DEPLOY_KEY` or `DEPLOY_KEY` of an entry. */
function organisationSecretsOf(fields: Fields, entry: string): OrganisationSecret[] {
  return fields.texts('organisation_secrets').map((text) => {
    const slash = text.lastIndexOf('/');
    const name = text.slice(slash + 1);
    return slash < 0 ? { name, entry } : { name, organisation: text.slice(0, slash), entry };
  });
}

/** All things of a list that could be read, one of each name. */
function listOf<Thing>(
  fields: Fields,
  key: string,
  read: (own: Fields) => Thing | undefined,
  nameOf: (thing: Thing) => string,
  what: string,
): Thing[] {
  const things = fields.maps(key).flatMap((own) => {
    const thing = read(own);
    return thing === undefined ? [] : [{ thing, fields: own, name: nameOf(thing) }];
  });
  return uniqueBy(things, what);
}

export function readInventory(source: ImportSource, root: ImportNode): Inventory {
  const none: Inventory = {
    parties: [],
    environments: [],
    identities: [],
    placeFacts: [],
    organisationSecrets: [],
  };
  if (root.type !== 'map') {
    source.fault(root.at, 'an inventory is a map with version: 1');
    return none;
  }
  const fields = new Fields(source, root);
  fields.only(inventoryKeys);
  if (fields.needed('version') !== undefined) fields.whole('version', 1, 1);
  const reviewed = fields.date('reviewed');
  const parties = listOf(
    fields,
    'parties',
    (own) => readParty(own),
    ({ id }) => id,
    'party',
  );
  const vendors = listOf(fields, 'vendors', readVendor, ({ id }) => id, 'vendor');
  const double = vendors.find(({ id }) => parties.some((party) => party.id === id));
  if (double !== undefined) fields.fault('vendors', 'names a party that stands in "parties" as well');
  const secrets = fields.maps('identities').map((own) => {
    const entry = readEntry(own, reviewed);
    return entry === undefined ? undefined : { entry, fields: own };
  });
  const entries = secrets.filter((read) => read !== undefined);
  return {
    parties: [...parties, ...vendors],
    environments: listOf(fields, 'environments', readEnvironment, ({ name }) => name, 'environment'),
    placeFacts: listOf(fields, 'places', readPlace, ({ place }) => place, 'place'),
    organisationSecrets: [
      ...listOf(
        fields,
        'organisation_secrets',
        readOrganisationSecret,
        (one) => JSON.stringify(one),
        'secret',
      ),
      ...entries.flatMap(({ entry, fields: own }) => organisationSecretsOf(own, entry.id)),
    ],
    identities: uniqueBy(
      entries.map(({ entry, fields: own }) => ({ thing: entry, fields: own, name: entry.id })),
      'identity',
    ),
  };
}

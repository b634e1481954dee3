/** Who is who: parties that were imported, handles, addresses, and the machines that sign like people. */
import type { Person } from '../../../model/appearance.js';
import type { Party } from '../../imports.js';

/** Somebody by the id that facts use. */
export interface KnownParty {
  /** Id of the imported party; else the handle or address as written, else the name. */
  readonly id: string;
  readonly isTeam: boolean;
}

export interface PartyBook {
  /** A handle, an address, a reference of a catalogue or the id itself. */
  find(written: string): KnownParty;
  /** Undefined for bots, and for people without address and name. */
  person(person: Person): string | undefined;
}

/** Addresses that the host gives out instead of the real one: `123+ana@users.noreply.github.com`. */
const privateAddress = /^(?:\d+\+)?([^@\s]+)@users\.noreply\.github\.com$/i;
const unattended = /^(?:no-?reply|do-?not-?reply|(?:.*[._+-])?bot|root|ci|automation|jenkins|builds?)@/i;
/** Names of automation that do not say so by a word of their own. */
const machines: ReadonlySet<string> = new Set([
  'allcontributors',
  'azure pipelines',
  'bors',
  'buildkite',
  'ci',
  'circleci',
  'codecov',
  'copybara service',
  'dependabot',
  'flux',
  'github',
  'github actions',
  'gitlab',
  'greenkeeper',
  'imgbot',
  'jenkins',
  'mergify',
  'pre-commit-ci',
  'renovate',
  'root',
  'semantic-release',
  'semantic release',
  'snyk',
  'teamcity',
  'transifex',
  'travis ci',
  'travis',
  'web-flow',
  'weblate',
]);

/** True for what acts by itself: never an introducer, poster or owner. */
export function isBot({ name, email }: Person): boolean {
  const plain = name.trim().toLowerCase();
  if (/\[bot\]/.test(plain) || /\[bot\]/i.test(email)) return true;
  if (/(?:^|[\s_.-])(?:bot|robot|automation)$/.test(plain) || machines.has(plain)) return true;
  if (privateAddress.test(email)) return false;
  return unattended.test(email) || /^(?:ci|svc|service)[-_]|[-_](?:ci|svc)$/.test(plain);
}

/** `@acme/payments`, `@@@payments`: what has a slash or three at signs is a group. */
function looksLikeTeam(written: string): boolean {
  return /^@@@|^@[^/]+\/|^group:/i.test(written);
}

/** `group:default/payments` and `payments` are one group of a catalogue. */
function catalogueName(written: string): string | undefined {
  return /^(?:group|user):(?:[^/\s]+\/)?([^/\s]+)$/i.exec(written)?.[1];
}

/** Last name of a handle or reference: `@acme/payments` is `payments`. */
export function shortName(written: string): string {
  const bare = catalogueName(written) ?? written.replace(/^@+/, '');
  return (bare.includes('@') ? bare : (bare.split('/').at(-1) ?? bare)).toLowerCase();
}

function index(parties: readonly Party[]): ReadonlyMap<string, Party> {
  const byText = new Map<string, Party>();
  const sorted = [...parties].sort((a, b) => (a.id < b.id ? -1 : 1));
  const add = (text: string, party: Party): void => {
    if (!byText.has(text)) byText.set(text, party);
  };
  for (const party of sorted) add(party.id.toLowerCase(), party);
  for (const party of sorted) {
    for (const email of party.emails) add(email.toLowerCase(), party);
    for (const handle of party.handles) {
      add(handle.toLowerCase(), party);
      if (!handle.startsWith('@')) add(`@${handle.toLowerCase()}`, party);
    }
  }
  return byText;
}

export function partyBook(parties: readonly Party[]): PartyBook {
  const byText = index(parties);
  const find = (written: string): KnownParty => {
    const text = written.trim();
    const name = catalogueName(text);
    const party =
      byText.get(text.toLowerCase()) ?? (name === undefined ? undefined : byText.get(name.toLowerCase()));
    if (party !== undefined) return { id: party.id, isTeam: party.type !== 'person' };
    return { id: text, isTeam: looksLikeTeam(text) };
  };
  return {
    find,
    person: (person) => {
      if (isBot(person)) return undefined;
      const login = privateAddress.exec(person.email)?.[1];
      const written = login === undefined ? person.email.trim() || person.name.trim() : `@${login}`;
      return written === '' ? undefined : find(written).id;
    },
  };
}

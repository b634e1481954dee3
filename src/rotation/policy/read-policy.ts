/** Reads a policy file. Every fault names line and column; a policy with faults is none. */
import type { RotationSettings } from '../estate.js';
import type { EnvironmentName } from '../imports.js';
import { stepTypes } from '../plan/plan.js';
import { checkPolicy } from './check-policy.js';
import type { Condition } from './condition.js';
import { type ApprovalDemand, gateNames, strategies } from './decision.js';
import { durationText } from './duration.js';
import { emptyMap, Fields, oneOf } from './node-reader.js';
import type { Demand, Policy, PolicyFault, PolicyRequirement, PolicyRule, Ruling } from './policy.js';
import { PolicyFaults, type PolicyNode, policyTree } from './policy-tree.js';
import { ConditionReader } from './read-condition.js';
import { readTests } from './read-tests.js';
import { freezeGrammar, parseFreeze, parseWindow, windowGrammar } from './windows.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

interface Setting {
  readonly name: string;
  readonly key: keyof RotationSettings;
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
}

const years = 10 * 366 * day;
const settingRows: readonly Setting[] = [
  { name: 'ephemeral_max', key: 'ephemeralMaxMs', fallback: day, least: minute, most: 30 * day },
  { name: 'long_lived', key: 'longLivedMs', fallback: 90 * day, least: day, most: years },
  { name: 'stale_inventory', key: 'staleInventoryMs', fallback: 180 * day, least: day, most: years },
  { name: 'overlap', key: 'overlapMs', fallback: day, least: 0, most: 366 * day },
  { name: 'soak', key: 'soakMs', fallback: 2 * day, least: 0, most: 366 * day },
  { name: 'exception_max', key: 'exceptionMaxMs', fallback: 90 * day, least: day, most: 366 * day },
];

const roles = /^[a-z][a-z0-9-]{0,39}$/;
const ids = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;

function windowFault(text: string): string | undefined {
  return parseWindow(text) === undefined ? windowGrammar : undefined;
}

function freezeFault(text: string): string | undefined {
  return parseFreeze(text) === undefined ? freezeGrammar : undefined;
}

class PolicyReader {
  readonly #faults: PolicyFaults;
  readonly #conditions: ConditionReader;
  /** Conditions of which a part could not be read: nothing follows from what is left of them. */
  readonly broken = new Set<Condition>();

  constructor(faults: PolicyFaults) {
    this.#faults = faults;
    this.#conditions = new ConditionReader(faults);
  }

  read(root: PolicyNode, file: string, sha256: string): Policy {
    const known = ['version', 'settings', 'environments', 'rules', 'requirements', 'tests'];
    const fields = new Fields(root, 'a policy', known, this.#faults);
    if (fields.get('version') === undefined) fields.fault('version', 'is missing');
    fields.count('version', 1, 1);
    const ruleIds = new Set<string>();
    const demandIds = new Set<string>();
    return {
      file,
      sha256,
      settings: this.#settings(fields.get('settings')),
      environments: fields.items('environments').map((node) => this.#environment(node)),
      rules: fields.items('rules').map((node) => this.#rule(node, ruleIds)),
      requirements: fields.items('requirements').map((node) => this.#requirement(node, demandIds)),
      tests: readTests(fields, this.#faults),
    };
  }

  #settings(node: PolicyNode | undefined): RotationSettings {
    const names = settingRows.map(({ name }) => name);
    const root = node ?? emptyMap({ line: 1, column: 1 });
    const fields = new Fields(root, 'settings', names, this.#faults);
    const values = settingRows.map(({ name, key, fallback, least, most }) => {
      const value = fields.duration(name) ?? fallback;
      if (value < least || value > most) {
        fields.fault(name, `must be from ${durationText(least)} to ${durationText(most)}`);
      }
      return [key, value] as const;
    });
    // Every key of the settings has its row.
    return Object.fromEntries(values) as unknown as RotationSettings;
  }

  #environment(node: PolicyNode): EnvironmentName {
    const fields = new Fields(node, 'an environment', ['name', 'rank', 'match'], this.#faults);
    const rank = fields.count('rank', 1, 100);
    return {
      name: fields.needed('name'),
      ...(rank === undefined ? {} : { rank }),
      match: fields.texts('match'),
    };
  }

  #id(fields: Fields, before: Set<string>): string {
    const id = fields.needed('id');
    if (id !== '' && !ids.test(id)) fields.fault('id', 'must be letters, digits and . _ - in one word');
    if (before.has(id)) fields.fault('id', 'stands twice');
    before.add(id);
    return id;
  }

  #rule(node: PolicyNode, before: Set<string>): PolicyRule {
    const fields = new Fields(node, 'a rule', ['id', 'when', 'then'], this.#faults);
    const id = this.#id(fields, before);
    return { id, at: fields.at, when: this.#when(fields), ruling: this.#ruling(fields) };
  }

  #when(fields: Fields): PolicyRule['when'] {
    const node = fields.get('when');
    if (node === undefined) fields.fault('when', 'is missing; {} matches everything');
    const before = this.#faults.count;
    const when = this.#conditions.read(node ?? emptyMap(fields.at));
    if (node === undefined || this.#faults.count > before) this.broken.add(when);
    return when;
  }

  #ruling(rule: Fields): Ruling {
    const known = ['strategy', 'reason', 'deadline', 'overlap', 'soak', 'steps_add', 'note'];
    const node = rule.get('then');
    if (node === undefined) rule.fault('then', 'is missing');
    const fields = new Fields(node ?? emptyMap(rule.at), 'then', known, this.#faults);
    if (node !== undefined && fields.get('strategy') === undefined) fields.fault('strategy', 'is missing');
    const strategy = fields.choice('strategy', strategies) ?? 'manual';
    if (node !== undefined && fields.get('reason') === undefined) {
      fields.fault('reason', 'is missing: every rule says why');
    }
    const deadlineMs = fields.duration('deadline');
    const overlapMs = fields.duration('overlap');
    const soakMs = fields.duration('soak');
    const note = fields.text('note');
    const stepsAdd = fields.texts('steps_add', oneOf(stepTypes));
    return {
      strategy,
      reason: fields.text('reason') ?? '',
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      ...(overlapMs === undefined ? {} : { overlapMs }),
      ...(soakMs === undefined ? {} : { soakMs }),
      stepsAdd: stepTypes.filter((type) => stepsAdd.includes(type)),
      ...(note === undefined ? {} : { note }),
    };
  }

  #requirement(node: PolicyNode, before: Set<string>): PolicyRequirement {
    const fields = new Fields(node, 'a requirement', ['id', 'when', 'require'], this.#faults);
    const id = this.#id(fields, before);
    return { id, at: fields.at, when: this.#when(fields), require: this.#require(fields) };
  }

  #require(requirement: Fields): Demand {
    const known = ['approvals', 'gates', 'window', 'freeze', 'deadline', 'max_age'];
    const node = requirement.get('require');
    if (node === undefined) requirement.fault('require', 'is missing');
    const fields = new Fields(node ?? emptyMap(requirement.at), 'require', known, this.#faults);
    if (node?.type === 'map' && node.entries.length === 0) requirement.fault('require', 'asks for nothing');
    const deadlineMs = fields.duration('deadline');
    const maxAgeMs = fields.duration('max_age');
    const gates = fields.texts('gates', oneOf(gateNames));
    return {
      approvals: fields.items('approvals').map((item) => this.#approval(item)),
      gates: gateNames.filter((name) => gates.includes(name)),
      windows: fields.texts('window', windowFault),
      freezes: fields.texts('freeze', freezeFault),
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    };
  }

  #approval(node: PolicyNode): Omit<ApprovalDemand, 'by'> {
    const fields = new Fields(node, 'an approval', ['role', 'count', 'not'], this.#faults);
    const role = fields.needed('role');
    if (role !== '' && !roles.test(role)) fields.fault('role', 'must be lower-case words joined by -');
    const excluded = fields.texts('not', oneOf(['introducer', 'executor']));
    return {
      role,
      count: fields.count('count', 1, 9) ?? 1,
      not: (['executor', 'introducer'] as const).filter((name) => excluded.includes(name)),
    };
  }
}

export interface ReadPolicy {
  /** Undefined when there are faults: a policy that says something else than was meant decides nothing. */
  readonly policy: Policy | undefined;
  /** By line and column. */
  readonly faults: readonly PolicyFault[];
}

/**
 * @param file how faults and decisions call it
 * @param sha256 of the text, 64 hex digits
 */
export function readPolicy(file: string, text: string, sha256: string): ReadPolicy {
  const faults = new PolicyFaults(file);
  const tree = policyTree(text, faults);
  if (tree === undefined) return { policy: undefined, faults: faults.sorted };
  const reader = new PolicyReader(faults);
  const policy = reader.read(tree, file, sha256);
  checkPolicy(policy, reader.broken, faults);
  const { sorted } = faults;
  return { policy: sorted.length === 0 ? policy : undefined, faults: sorted };
}

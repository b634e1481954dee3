/** Provider facts as the commands use them: those of this installation with the rows of one's own checkout. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  makeProviderTable,
  type ProviderFacts,
  readProviderFacts,
} from '../rotation/facts/provider-parse.js';
import type { ProviderTable } from '../rotation/facts/provider-table.js';
import { parseKinds, refuseFaults } from '../rules/load.js';
import { packageRoot } from '../rules/load-bundle.js';
import { loadFactFiles } from '../rules/load-facts.js';
import { faultText } from '../rules/rule-source.js';
import { rootOf, textOf } from './checkout-files.js';

/** Where a project adds and changes rows. */
export const ownFactsName = '.sprawl/facts.yaml';

/** What the build made of the files: reading some 3,000 lines of YAML would take a third of a second. */
export const builtFactsName = 'provider-facts.json';

/** The fact files of a rules folder; throws one `rule-invalid` for all their faults. */
export function shippedFacts(rulesDir: string): ProviderFacts {
  const { facts, faults } = readProviderFacts(loadFactFiles(rulesDir));
  const { kinds, faults: kindFaults } = parseKinds(
    'kinds.tsv',
    readFileSync(join(rulesDir, 'kinds.tsv'), 'utf8'),
  );
  refuseFaults([...faults, ...kindFaults]);
  const classes = Object.fromEntries([...kinds.values()].map(({ id, lifetime }) => [id, lifetime]));
  return { ...facts, classes };
}

/** Throws `config-invalid` for a broken `.sprawl/facts.yaml` of the checkout. */
export function loadProviderTable(cwd: string, root: string = packageRoot()): ProviderTable {
  const text = textOf(rootOf(cwd), ownFactsName);
  const own = text === undefined ? undefined : { name: ownFactsName, text };
  const built = join(root, 'dist', builtFactsName);
  const facts = existsSync(built)
    ? // The file is our own build's output; its shape was checked when it was made.
      (JSON.parse(readFileSync(built, 'utf8')) as ProviderFacts)
    : shippedFacts(join(root, 'rules'));
  return makeProviderTable(facts, own);
}

export interface FactFaults {
  readonly rows: number;
  /** Kinds that have a row of their own; the others fall back to `generic.password`. */
  readonly mapped: number;
  readonly faults: readonly string[];
}

/** Checks the fact files of a rules folder, if it has some, against the kinds of its rules. */
export function factFaults(rulesDir: string, kinds: ReadonlySet<string>): FactFaults {
  const files = loadFactFiles(rulesDir);
  if (files.length === 0) return { rows: 0, mapped: 0, faults: [] };
  const { facts, faults } = readProviderFacts(files, kinds);
  const mapped = new Set(facts.rows.flatMap((row) => row.kinds));
  return { rows: facts.rows.length, mapped: mapped.size, faults: faults.map(faultText) };
}

/**
 * What trusted files say of rules, put together: the `rules` of a `.sprawl/config.yaml`, the files that it
 * imports, and a `.gitleaks.toml` that lies beside it. Loaded only when there is such a file.
 *
 * A configuration of ours that is wrong ends the command, since it must not read as "no rules"; what another
 * tool's file holds that cannot be run is told and left out.
 */
import { ProblemError } from '../model/problem.js';
import type { RuleSet } from '../rules/rule-set.js';
import {
  type CompiledUserRule,
  compileUserRules,
  hasRules,
  joinUserRules,
  type UserRuleFault,
  type UserRules,
  withUserRules,
} from '../rules/user-rules.js';
import type { Config } from './config.js';
import { configError, type Fault } from './fault.js';
import { type ImportedRules, importGitleaks, type ReadExtended } from './gitleaks-import.js';

export interface RuleFiles {
  readonly user: UserRules;
  /** Files of other tools, whose faults are told but end nothing. */
  readonly lenient: readonly string[];
  /** Lines for people. */
  readonly notes: readonly string[];
}

/** A configuration in gitleaks' format. */
export interface ForeignConfig {
  readonly name: string;
  readonly text: string;
  /** True for a file that the user named: a fault in it ends the command. */
  readonly isNamed: boolean;
}

export interface RuleFileInput {
  readonly config?: { readonly name: string; readonly config: Config } | undefined;
  readonly foreign?: ForeignConfig | undefined;
  /** Reads a file that the foreign configuration extends; undefined when there is none. */
  readonly read: ReadExtended;
  /** Reads a file that the configuration imports, by its path from the folder that holds `.sprawl`. */
  readonly readImport: ReadExtended;
  readonly builtIn: RuleSet;
}

/** The rules of the files; undefined when they say nothing of rules. Throws `config-invalid`. */
export async function readRuleFiles(input: RuleFileInput): Promise<RuleFiles | undefined> {
  const own = input.config?.config.rules;
  const ids = new Set<string>(input.builtIn.rules.map(({ id }) => id));
  const isTaken = (id: string): boolean => ids.has(id);
  const parts: UserRules[] = [];
  const notes: string[] = [];
  const lenient: string[] = [];
  const take = (imported: ImportedRules, name: string, isNamed: boolean): void => {
    if (isNamed && imported.faults.length > 0) throw configError(name, imported.faults);
    notes.push(...imported.notes, ...faultNotes(name, imported.faults));
    if (!isNamed) lenient.push(name);
    parts.push(imported.user);
  };
  if (own !== undefined) {
    parts.push({ rules: own.add, changes: own.change, disabled: own.disable, lists: [] });
    for (const { path, origin } of own.imports) {
      const text = await input.readImport(path);
      if (text === undefined) {
        throw configError(origin.file, [
          { line: origin.line, message: 'rules.import names a file that is not there' },
        ]);
      }
      take(await importGitleaks(text, path, input.readImport, isTaken), path, true);
    }
  }
  const { foreign } = input;
  if (foreign !== undefined) {
    take(
      await importGitleaks(foreign.text, foreign.name, input.read, isTaken),
      foreign.name,
      foreign.isNamed,
    );
  }
  if (parts.length === 0) return undefined;
  return { user: withoutDisabled(joined(parts)), lenient, notes };
}

/** Most faults of another tool's file that are told. */
const mostTold = 3;

function faultNotes(name: string, faults: readonly Fault[]): string[] {
  const told = faults.slice(0, mostTold).map(({ line, message }) => `${name} line ${line}: ${message}`);
  return faults.length > mostTold ? [...told, `${name}: ${faults.length - mostTold} more faults`] : told;
}

function joined(parts: readonly UserRules[]): UserRules {
  const { joined: user, faults } = joinUserRules(parts);
  refuse(faults);
  return user;
}

/** A rule of one's own that is disabled is not run at all. */
function withoutDisabled(user: UserRules): UserRules {
  const disabled = new Set<string>(user.disabled.map(({ id }) => id));
  const added = new Set<string>(user.rules.map(({ id }) => id));
  return {
    ...user,
    rules: user.rules.filter(({ id }) => !disabled.has(id)),
    disabled: user.disabled.filter(({ id }) => !added.has(id)),
  };
}

function refuse(faults: readonly UserRuleFault[]): void {
  const [first] = faults;
  if (first === undefined) return;
  const same = faults.filter(({ file }) => file === first.file);
  throw configError(
    first.file,
    same.map(({ line, field, message }) => ({ line, message: `${field} ${message}` })),
  );
}

export interface EffectiveRules {
  readonly rules: RuleSet;
  readonly compiled: readonly CompiledUserRule[];
  readonly notes: readonly string[];
}

/** The built-in rules with those of all files. Throws `config-invalid`. */
export function effectiveRules(builtIn: RuleSet, files: readonly RuleFiles[]): EffectiveRules {
  const user = joined(files.map((file) => file.user));
  const lenient = new Set(files.flatMap((file) => file.lenient));
  const { rules: compiled, faults } = compileUserRules(user, builtIn);
  refuse(faults.filter(({ file }) => !lenient.has(file)));
  const told = faults.map(({ line, field, message }): Fault => ({ line, message: `${field} ${message}` }));
  const names = [...new Set(faults.map(({ file }) => file))];
  const notes = [...files.flatMap((file) => file.notes), ...faultNotes(names.join(', '), told)];
  const lists = user.lists.filter(({ id }) => !faults.some(({ field }) => field.startsWith(id)));
  const sound = { ...user, lists };
  return {
    rules: hasRules(sound) ? withUserRules(builtIn, sound, compiled) : builtIn,
    compiled,
    notes: [...new Set(notes)],
  };
}

/** Told when a file that the user named is not there. */
export function missingConfig(file: string): ProblemError {
  return new ProblemError({ code: 'config-invalid', message: `There is no file ${file}.` });
}

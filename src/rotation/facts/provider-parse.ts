/**
 * Reads provider facts: the files of `rules/facts/`, and the rows that a project adds or changes in
 * `.sprawl/facts.yaml`. A fault names file, line and field; all faults are collected.
 */
import { ProblemError } from '../../model/problem.js';
import { faultText, type RuleFault } from '../../rules/rule-source.js';
import { YamlFields } from '../../rules/yaml-fields.js';
import type { CredentialClass } from '../imports.js';
import { codePointOrder } from '../order.js';
import {
  type DerivedColumns,
  derivedColumns,
  lifeMs,
  overlapOf,
  revocationOf,
  revokingGrammar,
  twoAtOnceGrammar,
  type WrittenColumns,
  writtenClasses,
} from './provider-columns.js';
import type { ProviderReaction, ProviderRow, ProviderTable } from './provider-table.js';

/** One file; the name is only for faults and for saying where a fact is from. */
export interface FactsText {
  readonly name: string;
  readonly text: string;
}

/** The row of kinds that have none of their own. */
export const fallbackRowId = 'generic.password';

type Path = readonly (string | number)[];
/** A row as it is written: class may be `publishable`, nothing is computed yet. */
export type WrittenRow = Omit<ProviderRow, keyof DerivedColumns> & WrittenColumns;

const rowFields = [
  'id',
  'provider',
  'kinds',
  'class',
  'life',
  'maxTtl',
  'twoAtOnce',
  'rotate',
  'revoking',
  'privilege',
  'typicalConsumers',
  'alsoBreaks',
  'commands',
  'source',
  'checked',
  'asOf',
];
const commandNames = ['disable', 'enable', 'issue', 'revoke', 'owner'] as const;
const reactionFields = [
  'providers',
  'reaction',
  'consequence',
  'probablyDead',
  'selfRotating',
  'source',
  'checked',
  'asOf',
];
const credentialClasses = ['static', 'renewable', 'ephemeral', 'unknown'] as const;
const privileges = ['admin', 'write', 'read', 'none'] as const;

function columnsOf(row: WrittenColumns): DerivedColumns {
  const columns = derivedColumns(row);
  if (columns === undefined) throw new TypeError('a row with faults was not left out');
  return columns;
}

function idOf(fields: YamlFields, path: Path): string {
  const id = fields.text(path);
  if (id !== '' && !/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/.test(id))
    fields.fault(path, 'must be lower-case words joined by . or -');
  return id;
}

function month(fields: YamlFields, path: Path): string {
  const text = fields.text(path);
  if (text !== '' && !/^\d{4}-(?:0[1-9]|1[0-2])$/.test(text)) fields.fault(path, 'must be a month: YYYY-MM');
  return text;
}

function commands(fields: YamlFields, path: Path): ProviderRow['commands'] {
  fields.onlyKnown(path, commandNames);
  return Object.fromEntries(
    commandNames
      .filter((name) => fields.has([...path, name]))
      .map((name) => [name, fields.text([...path, name])]),
  );
}

/** A text in one of the two small grammars. */
function inGrammar(
  fields: YamlFields,
  path: Path,
  fallback: string | undefined,
  read: (text: string) => unknown,
  message: string,
): string {
  const text = fields.text(path, fallback);
  if (text !== '' && read(text) === undefined) fields.fault(path, message);
  return text;
}

function maxTtl(fields: YamlFields, path: Path, base?: WrittenRow): { maxTtlMs?: number } {
  if (!fields.has(path)) return base?.maxTtlMs === undefined ? {} : { maxTtlMs: base.maxTtlMs };
  const ms = lifeMs(fields.text(path));
  if (ms !== undefined) return { maxTtlMs: ms };
  fields.fault(path, 'must be a number and min, h or d, as in "36 h"');
  return {};
}

/** @param base the shipped row of which this one changes some columns */
function writtenRow(fields: YamlFields, path: Path, base?: WrittenRow): WrittenRow {
  const at = (name: string): Path => [...path, name];
  const privilege = fields.has(at('privilege'))
    ? fields.choice(at('privilege'), privileges)
    : base?.privilege;
  const life = maxTtl(fields, at('maxTtl'), base);
  return {
    id: idOf(fields, at('id')),
    provider: fields.text(at('provider'), base?.provider),
    kinds: base !== undefined && !fields.has(at('kinds')) ? base.kinds : fields.texts(at('kinds')),
    class: fields.choice(at('class'), writtenClasses, base?.class),
    life: fields.text(at('life'), base?.life),
    ...life,
    twoAtOnce: inGrammar(fields, at('twoAtOnce'), base?.twoAtOnce, overlapOf, twoAtOnceGrammar),
    rotate: fields.text(at('rotate'), base?.rotate),
    revoking: inGrammar(fields, at('revoking'), base?.revoking, revocationOf, revokingGrammar),
    ...(privilege === undefined ? {} : { privilege }),
    typicalConsumers: fields.text(at('typicalConsumers'), base?.typicalConsumers),
    alsoBreaks: fields.text(at('alsoBreaks'), base?.alsoBreaks),
    commands: fields.has(at('commands')) ? commands(fields, at('commands')) : (base?.commands ?? {}),
    source: fields.text(at('source')),
    checked: fields.flag(at('checked')),
    asOf: month(fields, at('asOf')),
  };
}

/** A project states its own facts: they need no other check unless it says so. */
function overridingRow(
  fields: YamlFields,
  path: Path,
  base: WrittenRow | undefined,
  name: string,
): WrittenRow {
  const row = writtenRow(fields, path, base);
  return { ...row, checked: fields.has([...path, 'checked']) ? row.checked : true, changedBy: name };
}

function reactions(fields: YamlFields, path: Path): ProviderReaction[] {
  const at = (name: string): Path => [...path, name];
  fields.onlyKnown(path, reactionFields);
  const reaction = {
    reaction: fields.text(at('reaction')),
    consequence: fields.text(at('consequence')),
    probablyDead: fields.flag(at('probablyDead')),
    selfRotating: fields.flag(at('selfRotating')),
    source: fields.text(at('source')),
    checked: fields.flag(at('checked')),
    asOf: month(fields, at('asOf')),
  };
  return fields.texts(at('providers')).map((provider) => ({ provider, ...reaction }));
}

/** Everything of the shipped files, as plain data: the build keeps it as JSON, since YAML takes long to read. */
export interface ProviderFacts {
  readonly rows: readonly WrittenRow[];
  readonly reactions: readonly ProviderReaction[];
  /** Class by kind, from the list of kinds: all that is known of a kind without a row. */
  readonly classes?: Readonly<Record<string, CredentialClass>>;
}

/** Reads shipped files one after the other. */
class FactsReader {
  readonly faults: RuleFault[] = [];
  readonly rows = new Map<string, WrittenRow>();
  readonly reactions = new Map<string, ProviderReaction>();
  /** Row of a kind. */
  readonly #kinds = new Map<string, string>();
  readonly #known: ReadonlySet<string> | undefined;

  constructor(known: ReadonlySet<string> | undefined) {
    this.#known = known;
  }

  read({ name, text }: FactsText): void {
    const fields = new YamlFields(name, text);
    if (fields.faults.length === 0) {
      fields.onlyKnown([], ['rows', 'reactions']);
      for (let index = 0; index < fields.count(['rows']); index++) this.#row(fields, ['rows', index]);
      for (let index = 0; index < fields.count(['reactions']); index++) {
        this.#reaction(fields, ['reactions', index]);
      }
    }
    this.faults.push(...fields.faults);
  }

  #row(fields: YamlFields, path: Path): void {
    fields.onlyKnown(path, rowFields);
    const row = writtenRow(fields, path);
    if (this.rows.has(row.id)) fields.fault([...path, 'id'], 'stands twice');
    this.rows.set(row.id, row);
    row.kinds.forEach((kind, number) => {
      const at = [...path, 'kinds', number];
      const other = this.#kinds.get(kind);
      if (other !== undefined) fields.fault(at, `is mapped twice; the other row is ${other}`);
      if (this.#known?.has(kind) === false) fields.fault(at, 'is not a known kind');
      this.#kinds.set(kind, row.id);
    });
  }

  #reaction(fields: YamlFields, path: Path): void {
    reactions(fields, path).forEach((reaction, number) => {
      if (this.reactions.has(reaction.provider)) fields.fault([...path, 'providers', number], 'stands twice');
      this.reactions.set(reaction.provider, reaction);
    });
  }
}

/** The shipped files. @param kinds when given, other kinds are faults */
export function readProviderFacts(
  texts: readonly FactsText[],
  kinds?: ReadonlySet<string>,
): { readonly facts: ProviderFacts; readonly faults: readonly RuleFault[] } {
  const reader = new FactsReader(kinds);
  for (const text of texts) reader.read(text);
  const { faults, rows } = reader;
  if (faults.length === 0 && !rows.has(fallbackRowId)) {
    faults.push({
      file: texts[0]?.name ?? 'facts',
      line: 1,
      field: 'rows',
      message: `lack ${fallbackRowId}`,
    });
  }
  return { facts: { rows: [...rows.values()], reactions: [...reader.reactions.values()] }, faults };
}

/** The rows of a project: changed ones with their other columns from the shipped row. */
function ownRows(
  { name, text }: FactsText,
  shipped: ReadonlyMap<string, WrittenRow>,
): { readonly rows: readonly WrittenRow[]; readonly faults: readonly RuleFault[] } {
  const fields = new YamlFields(name, text);
  if (fields.faults.length > 0) return { rows: [], faults: fields.faults };
  fields.onlyKnown([], ['rows']);
  const [ids, kinds] = [new Set<string>(), new Set<string>()];
  const rows = Array.from({ length: fields.count(['rows']) }, (_, index) => {
    const path = ['rows', index];
    fields.onlyKnown(path, rowFields);
    const id = fields.has([...path, 'id']) ? fields.text([...path, 'id']) : '';
    if (ids.has(id)) fields.fault([...path, 'id'], 'stands twice');
    ids.add(id);
    const row = overridingRow(fields, path, shipped.get(id), name);
    if (fields.has([...path, 'kinds'])) {
      row.kinds.forEach((kind, number) => {
        if (kinds.has(kind)) fields.fault([...path, 'kinds', number], 'is mapped twice');
        kinds.add(kind);
      });
    }
    return row;
  });
  return { rows, faults: fields.faults };
}

/** The general row as it holds for each class that a kind without a row may have. */
function generalRows(fallback: ProviderRow): (kindClass: CredentialClass | undefined) => ProviderRow {
  const source = `class: list of kinds; else ${fallback.source}`;
  const known = new Map(
    credentialClasses.map((name) => [
      name,
      name === 'unknown' ? fallback : { ...fallback, class: name, source },
    ]),
  );
  return (kindClass) => known.get(kindClass ?? 'unknown') ?? fallback;
}

function tableOf(
  written: ReadonlyMap<string, WrittenRow>,
  { reactions: all, classes = {} }: ProviderFacts,
): ProviderTable {
  const rowOfKind = new Map<string, string>();
  // A project's row comes last and takes a kind over from a shipped one.
  const ordered = [...written.values()].sort(
    (a, b) => Number(a.changedBy !== undefined) - Number(b.changedBy !== undefined),
  );
  for (const { id, kinds } of ordered) for (const kind of kinds) rowOfKind.set(kind, id);
  const rows = ordered
    .map(
      (row): ProviderRow => ({
        ...row,
        kinds: row.kinds.filter((kind) => rowOfKind.get(kind) === row.id),
        ...columnsOf(row),
      }),
    )
    .sort((a, b) => codePointOrder(a.id, b.id));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const fallback = byId.get(fallbackRowId);
  if (fallback === undefined) throw new TypeError('facts without a fallback row were not refused');
  const general = generalRows(fallback);
  const classOf = new Map(Object.entries(classes));
  const reactionOf = new Map(all.map((reaction) => [reaction.provider, reaction]));
  return {
    rows,
    row: (id) => byId.get(id),
    rowOf: (kind) => byId.get(rowOfKind.get(kind) ?? '') ?? general(classOf.get(kind)),
    reactionOf: (provider) => reactionOf.get(provider),
  };
}

function refuse(code: 'config-invalid' | 'rule-invalid', faults: readonly RuleFault[], hint: string): void {
  if (faults.length === 0) return;
  throw new ProblemError({ code, message: faults.map(faultText).join('\n'), hint });
}

/** @param overrides `.sprawl/facts.yaml` of a project: faults in it throw one `config-invalid` */
export function makeProviderTable(facts: ProviderFacts, overrides?: FactsText): ProviderTable {
  const rows = new Map(facts.rows.map((row) => [row.id, row]));
  if (overrides !== undefined) {
    const own = ownRows(overrides, rows);
    refuse('config-invalid', own.faults, 'Mend the rows; each needs at least id, source and asOf.');
    for (const row of own.rows) rows.set(row.id, row);
  }
  return tableOf(rows, facts);
}

/** The table of these files; faults throw one problem that names them all. */
export function parseProviderTable(texts: readonly FactsText[], overrides?: FactsText): ProviderTable {
  const { facts, faults } = readProviderFacts(texts);
  refuse('rule-invalid', faults, 'Mend the fact files; `sprawl rules check` shows what is left.');
  return makeProviderTable(facts, overrides);
}

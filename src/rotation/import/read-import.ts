/** Reads a file that somebody wants to import: finds out what it is by what it says, then checks all of it. */
import { type Imports, noImports } from '../imports.js';
import { type CsvTable, headerNames, parseCsv } from './csv.js';
import { readAttestationLines, readGateLines, readLivenessLines } from './events.js';
import { inventoryKeys, readInventory } from './inventory.js';
import { inventoryColumns, readInventoryCsv } from './inventory-csv.js';
import { parseJsonLines } from './json-lines.js';
import { peopleColumns, readPeopleCsv } from './people-csv.js';
import { type ImportFault, ImportSource } from './source.js';
import type { ColumnMap } from './table.js';
import { type ImportLeaf, type ImportNode, leavesOf, textNode } from './tree.js';
import { readVaultCsv, readVaultMap, vaultColumns } from './vault-map.js';
import { parseYaml } from './yaml-text.js';

export const importKinds = [
  'inventory',
  'people',
  'vault-map',
  'liveness',
  'attestations',
  'gate-results',
] as const;
export type ImportKind = (typeof importKinds)[number];

export interface ReadImport {
  /** Undefined when the file is none of these; then there is a fault that says so. */
  readonly kind: ImportKind | undefined;
  readonly imports: Imports;
  readonly faults: readonly ImportFault[];
  /** Faults beyond those that are listed. */
  readonly omitted: number;
  /** All texts of the file, to be looked at for secrets. */
  readonly leaves: readonly ImportLeaf[];
  /** Columns that a column map leaves unused. */
  readonly ignoredColumns: number;
  /** Line and column (from 1) of an offset. */
  positionOf(at: number): { readonly line: number; readonly column: number };
}

interface Reading {
  readonly kind: ImportKind | undefined;
  readonly imports: Partial<Imports>;
  readonly nodes: Iterable<ImportNode>;
  readonly ignored?: number;
}

/** Bytes of files that are read as a tree, and of those that are read line by line. */
export const maxTreeBytes: number = 8 * 1024 * 1024;
export const maxLineBytes: number = 64 * 1024 * 1024;

export interface ReadImportOptions {
  readonly map?: ColumnMap;
}

/** Checks a file of unknown kind. The text is that of the whole file. */
export function readImport(text: string, file: string, options: ReadImportOptions = {}): ReadImport {
  const source = new ImportSource(file, text);
  const { kind, imports, nodes, ignored = 0 } = read(source, options.map);
  return {
    kind,
    imports: { ...noImports, ...imports },
    faults: [...source.faults].sort((a, b) => a.line - b.line || a.column - b.column),
    omitted: source.omitted,
    leaves: [...nodes].flatMap((node) => [...leavesOf(node)]),
    ignoredColumns: ignored,
    positionOf: (at) => source.positionOf(at),
  };
}

const nothing: Reading = { kind: undefined, imports: {}, nodes: [] };

function unreadable(source: ImportSource, message: string): Reading {
  source.fault(0, message, 'IMPORT_UNREADABLE');
  return nothing;
}

function read(source: ImportSource, map: ColumnMap | undefined): Reading {
  const { text } = source;
  if (text.includes('\0')) return unreadable(source, 'is no text in UTF-8');
  const start = text
    .slice(0, 4096)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (start === '') return unreadable(source, 'is empty');
  if (isRecordLine(start)) return readRecords(source);
  if (text.length > maxTreeBytes) return unreadable(source, `is larger than ${maxTreeBytes} characters`);
  if (map !== undefined || isTable(text)) return readTable(source, map);
  return readTree(source);
}

/** A line that is an object of its own: JSON Lines. An object over several lines is JSON that YAML reads. */
function isRecordLine(start: string): boolean {
  const line = start.split('\n', 1)[0] ?? '';
  return /^\{.*\}\s*$/.test(line) && !/"(?:version|identities|parties|vault_map|runs)"\s*:/.test(line);
}

function readRecords(source: ImportSource): Reading {
  if (source.text.length > maxLineBytes)
    return unreadable(source, `is larger than ${maxLineBytes} characters`);
  const nodes = parseJsonLines(source);
  const [first] = nodes;
  if (first === undefined) {
    if (source.faults.length === 0) source.fault(0, 'holds no record', 'IMPORT_UNREADABLE');
    return nothing;
  }
  const has = (...names: string[]): boolean => names.every((name) => first.entries.has(name));
  if (has('gate')) return { kind: 'gate-results', imports: { gates: readGateLines(source, nodes) }, nodes };
  if (has('fingerprint'))
    return { kind: 'liveness', imports: { liveness: readLivenessLines(source, nodes) }, nodes };
  if (has('principal'))
    return { kind: 'attestations', imports: { attestations: readAttestationLines(source, nodes) }, nodes };
  return { ...unknownFile(source, scannerOf(first)), nodes };
}

function isTable(text: string): boolean {
  const names = headerNames(text);
  const isList = names.length > 1 && names.every((name) => /^[\w .-]{1,60}$/.test(name));
  return isList && tableKind(names) !== undefined;
}

/** Which table it is, by columns that only one of them has. */
function tableKind(names: readonly string[]): ImportKind | undefined {
  const has = (name: string): boolean => names.includes(name);
  const known = (columns: readonly string[]): number => names.filter((name) => columns.includes(name)).length;
  if (has('identity') && (has('match') || has('match_type') || has('consumer') || has('owner')))
    return 'inventory';
  if (has('path') && has('key')) return 'vault-map';
  if (has('id') && known(peopleColumns) > 1) return 'people';
  if (has('identity') && known(inventoryColumns) > 2) return 'inventory';
  return undefined;
}

/** Cells under the names that we have for their columns. */
function cellNodes({ rows }: CsvTable, names: readonly string[]): ImportNode[] {
  return rows.map((cells) => ({
    type: 'map',
    at: cells[0]?.at ?? 0,
    entries: new Map(
      cells.map(({ at, text }, index) => [names[index] ?? '', { at, node: textNode(at, text) }]),
    ),
  }));
}

function readTable(source: ImportSource, map: ColumnMap | undefined): Reading {
  const table = parseCsv(source);
  if (table === undefined) return nothing;
  const theirs = new Map([...(map ?? [])].map(([ours, name]) => [name.toLowerCase(), ours]));
  const names = table.header.map(({ text }) => theirs.get(text) ?? text);
  const kind = tableKind(names);
  const nodes = [...table.header.map(({ at, text }) => textNode(at, text)), ...cellNodes(table, names)];
  switch (kind) {
    case 'inventory': {
      const { identities, ignored } = readInventoryCsv(source, table, map);
      return { kind, imports: { identities }, nodes, ignored };
    }
    case 'people': {
      const { parties, ignored } = readPeopleCsv(source, table, map);
      return { kind, imports: { parties }, nodes, ignored };
    }
    case 'vault-map': {
      const { vault, ignored } = readVaultCsv(source, table, map);
      return { kind, imports: { vault }, nodes, ignored };
    }
    default:
      source.fault(
        0,
        `is a table of unknown columns: an inventory has ${inventoryColumns.slice(0, 3).join(', ')}, a list of people ` +
          `${peopleColumns.slice(0, 3).join(', ')}, a vault map ${vaultColumns.slice(0, 2).join(', ')}`,
        'IMPORT_UNREADABLE',
      );
      return { ...nothing, nodes };
  }
}

function readTree(source: ImportSource): Reading {
  const root = parseYaml(source);
  if (root === undefined) return nothing;
  const nodes = [root];
  const names = namesOf(root);
  if (
    names.includes('vault_map') ||
    (root.type === 'list' && names.includes('path') && names.includes('key'))
  )
    return { kind: 'vault-map', imports: { vault: readVaultMap(source, root) }, nodes };
  if (root.type === 'map' && inventoryKeys.some((key) => names.includes(key)) && !names.includes('runs'))
    return { kind: 'inventory', imports: readInventory(source, root), nodes };
  return { ...unknownFile(source, scannerOf(root)), nodes };
}

/** Keys of the file, or of the first thing in its list. */
function namesOf(root: ImportNode): readonly string[] {
  const node = root.type === 'list' ? root.items[0] : root;
  return node?.type === 'map' ? [...node.entries.keys()] : [];
}

/** Reports of other scanners hold values and are not imported: a scan of the same places finds what they found. */
function scannerOf(root: ImportNode): string | undefined {
  const names = namesOf(root);
  const has = (...all: string[]): boolean => all.every((name) => names.includes(name));
  if (has('runs')) return 'SARIF';
  if (has('RuleID', 'Secret') || has('RuleID', 'File')) return 'Gitleaks';
  if (has('DetectorName') || has('SourceMetadata')) return 'TruffleHog';
  if (has('generated_at', 'results')) return 'detect-secrets';
  return undefined;
}

function unknownFile(source: ImportSource, scanner: string | undefined): Reading {
  return unreadable(
    source,
    scanner === undefined
      ? 'is none of inventory, people, vault map, liveness, attestations, gate results'
      : `is a report of ${scanner}, no inventory: "sprawl ingest" takes it over`,
  );
}

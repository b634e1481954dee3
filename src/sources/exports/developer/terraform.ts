/** Terraform and OpenTofu: state (versions 3 and 4) and the JSON of `show` and `plan`. Each instance is a record. */
import type { FieldRole } from '../../../model/appearance.js';
import type {
  ExportFile,
  ExportReader,
  ExportRecord,
  Probe,
  Recognition,
  RecordPlace,
  RecordSink,
  RecordText,
} from '../contract.js';
import { baseName, folderPlace, RecordIds } from '../generic/file-place.js';
import { type JsonRecord, readJsonRecords } from '../json-records.js';
import { type Claims, claims, noClaims, unclaimedTexts } from '../leaves.js';
import { isObject, type JsonObject, memberOf, objectOf, stringOf } from '../object-texts.js';

export const terraform: ExportReader = {
  id: 'terraform',
  system: 'terraform',
  label: 'Terraform state or plan',
  most: 0.98,
  jsonKeys: ['terraform_version', 'format_version', 'encrypted_data', 'serial'],
  recognise,
  async read(file, sink) {
    const states = new StateRecords(file, sink);
    await readJsonRecords(file, Object.keys(forms), sink, {
      record: (record) => states.record(record),
      end: (root) => states.end(root),
    });
  },
};

function recognise({ json, text }: Probe): Recognition | undefined {
  if (json?.root !== 'object') return undefined;
  const keys = new Set(json.keys);
  const has = (...names: string[]): boolean => names.every((name) => keys.has(name));
  if (has('terraform_version') && (has('serial') || has('lineage')))
    return { score: 0.98, reason: 'keys terraform_version, serial, lineage' };
  if (has('format_version') && (has('terraform_version') || has('planned_values')))
    return { score: 0.96, reason: 'keys format_version, terraform_version' };
  if (has('encrypted_data', 'encryption_version'))
    return { score: 0.95, reason: 'keys encrypted_data, encryption_version' };
  if (
    has('version', 'serial') &&
    (has('resources') || has('modules')) &&
    /"(?:lineage|instances|primary)"/.test(text)
  )
    return { score: 0.9, reason: 'keys version, serial, resources' };
  return undefined;
}

/** Where records stand, and what to make of them. */
const forms: Readonly<Record<string, (states: StateRecords, value: JsonObject, record: JsonRecord) => void>> =
  {
    '/resources/*': (states, value) => states.resource(value),
    '/modules/*/resources/*': (states, value, record) => states.oldResource(value, record),
    '/modules/*/outputs/*': (states, value, record) =>
      states.output(value, lastOf(record.pointer), modulePath(record)),
    '/outputs/*': (states, value, record) => states.output(value, lastOf(record.pointer), ''),
    '/resource_changes/*': (states, value) => states.change(value),
    '/resource_drift/*': (states, value) => states.change(value),
    '/planned_values/root_module/resources/*': (states, value) => states.planned(value),
    '/values/root_module/resources/*': (states, value) => states.planned(value),
  };
const formPatterns = Object.keys(forms).map(
  (path) => [new RegExp(`^${path.replaceAll('*', '[^/]*')}$`), forms[path]] as const,
);

const noValueClaims = claims(
  'sensitive_attributes',
  'sensitive_values',
  'change.before_sensitive',
  'change.after_sensitive',
  'change.after_unknown',
);
/** Keys whose strings name resources, providers and modules, as the record's id does. */
const addressKeys =
  /(?:^|\.)(?:address|mode|module|type|name|provider|provider_name|each|index_key|actions|dependencies|depends_on|lineage|terraform_version|format_version)(?:\.\d+)*$/;
const address = /^[\w.\-[\]"/:@*]{0,400}$/;

/** Modules within modules. */
const maxModules = 100;
const rootClaims = claims(
  'encrypted_data',
  'planned_values.root_module',
  'values.root_module',
  'prior_state.values.root_module',
);

class StateRecords {
  readonly #file: ExportFile;
  readonly #sink: RecordSink;
  readonly #ids: RecordIds;
  readonly #revision: ExportRecord['revision'];
  #place: RecordPlace;

  constructor(file: ExportFile, sink: RecordSink) {
    this.#file = file;
    this.#sink = sink;
    this.#ids = new RecordIds(file);
    this.#place = folderPlace(file);
    this.#revision = { state: /\.backup(?:\.\w+)?$/.test(file.name) ? 'previous' : 'current' };
  }

  record(record: JsonRecord): void {
    const { value, pointer, ancestors } = record;
    this.#nameAfter(ancestors[0] ?? {});
    const form = formPatterns.find(([pattern]) => pattern.test(pointer))?.[1];
    if (isObject(value)) form?.(this, value, record);
    else this.#give(pointer.slice(1), { [lastOf(pointer)]: value }, noClaims, 'setting');
  }

  /** What stands around the resources: outputs of version 4, variables and configuration of plans. */
  end(root: unknown): void {
    if (!isObject(root)) return;
    this.#nameAfter(root);
    if (Object.hasOwn(root, 'encrypted_data')) this.#sink.note('encrypted');
    const prior = objectOf(objectOf(root, 'prior_state') ?? {}, 'values');
    for (const values of [memberOf(root, 'planned_values'), memberOf(root, 'values'), prior])
      if (isObject(values)) this.#module(memberOf(values, 'root_module'), 0);
    this.#give('state', root, rootClaims, 'setting');
  }

  /** Resources of a module and of those within it; those of the root module were records already. */
  #module(module: unknown, depth: number): void {
    if (!isObject(module) || depth > maxModules) return;
    for (const resource of arrayOf(module, 'resources')) if (isObject(resource)) this.planned(resource);
    for (const child of arrayOf(module, 'child_modules')) this.#module(child, depth + 1);
  }

  /** One of version 4: a resource with its instances. */
  resource(resource: JsonObject): void {
    const base = addressOf(resource);
    const instances = memberOf(resource, 'instances');
    const rest = { ...resource, instances: undefined };
    this.#give(base, rest, noValueClaims, 'setting');
    if (!Array.isArray(instances)) return;
    for (const instance of instances) {
      if (!isObject(instance)) continue;
      const index = memberOf(instance, 'index_key');
      const deposed = stringOf(instance, 'deposed');
      const own = `${base}${index === undefined ? '' : `[${JSON.stringify(index)}]`}${deposed === undefined ? '' : `#${deposed}`}`;
      this.#give(own, instance, noValueClaims, 'setting');
    }
  }

  oldResource(resource: JsonObject, record: JsonRecord): void {
    this.#give(modulePath(record) + lastOf(record.pointer), resource, noValueClaims, 'setting');
  }

  output(output: JsonObject, name: string, module: string): void {
    this.#give(`${module}output.${name}`, { [name]: memberOf(output, 'value') }, noClaims, 'setting');
    this.#give(`${module}output.${name}`, output, claims('value'), 'setting');
  }

  planned(resource: JsonObject): void {
    this.#give(`${stringOf(resource, 'address') ?? addressOf(resource)}`, resource, noValueClaims, 'setting');
  }

  change(change: JsonObject): void {
    this.#give(
      `${stringOf(change, 'address') ?? addressOf(change)} change`,
      change,
      noValueClaims,
      'history-new',
    );
  }

  /** The lineage lasts as long as the state does. */
  #nameAfter(root: JsonObject): void {
    const lineage = stringOf(root, 'lineage');
    if (lineage !== undefined)
      this.#place = { kind: 'workspace', id: lineage, name: baseName(this.#file), audience: 'unknown' };
  }

  #give(id: string, value: JsonObject, claimed: Claims, role: FieldRole): void {
    const texts = unclaimedTexts(value, claimed, { role })
      .filter(({ text, field }) => !isAddress(field.path, text))
      .map(finished);
    if (texts.length === 0) return;
    this.#sink.record({
      place: this.#place,
      type: 'setting',
      id: this.#ids.next(id),
      title: id,
      revision: this.#revision,
      texts,
    });
  }
}

/** At the top of a resource only: attributes may have such names, too. */
function isAddress(path: string, text: string): boolean {
  return (
    !path.includes('attributes.') && !path.includes('values.') && addressKeys.test(path) && address.test(text)
  );
}

function finished(text: RecordText): RecordText {
  const isOld = text.field.path.startsWith('change.before.');
  const field = isOld ? { ...text.field, role: 'history-old' as const } : text.field;
  const label = labelOf(text);
  return { ...text, field, ...(label === undefined ? {} : { label }) };
}

/** Version 3 has flat keys, `master_auth.0.password`; variables and outputs are `{ name: { value } }`. */
function labelOf({ label, field }: RecordText): string | undefined {
  if (label?.includes('.')) return label.split('.').findLast((part) => !/^\d+$/.test(part));
  return label ?? /([^.]+)\.value$/.exec(field.path)?.[1];
}

function addressOf(resource: JsonObject): string {
  const parts = [
    stringOf(resource, 'module'),
    memberOf(resource, 'mode') === 'data' ? 'data' : undefined,
    stringOf(resource, 'type'),
    stringOf(resource, 'name'),
  ];
  return parts.filter((part) => part !== undefined).join('.');
}

/** `module.a.module.b.` of version 3; empty for the root. */
function modulePath({ ancestors }: JsonRecord): string {
  const path = memberOf(ancestors.findLast((one) => Array.isArray(memberOf(one, 'path'))) ?? {}, 'path');
  if (!Array.isArray(path)) return '';
  return path
    .filter((part, index) => typeof part === 'string' && !(index === 0 && part === 'root'))
    .map((part) => `module.${part}.`)
    .join('');
}

function arrayOf(object: JsonObject, key: string): readonly unknown[] {
  const value = memberOf(object, key);
  return Array.isArray(value) ? value : [];
}

function lastOf(pointer: string): string {
  return (pointer.split('/').at(-1) ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
}

/**
 * Issues in the lean form: it hands over the texts that jira-issue.ts hands over, and makes no objects of what comes in
 * the common form. Whatever else stands in an issue is parsed by itself and given to the functions of the full reading.
 */
import { type JsonTape, jsonFlags, jsonKinds } from '../../../prefilter/json-tape.js';
import type { ExportRecord, RecordSink } from '../contract.js';
import { memberTable } from '../lean-members.js';
import { collectingSink, type LeanElement, type LeanReader, type LeanSink } from '../lean-record.js';
import { LeanValues } from '../lean-values.js';
import { isObject, type JsonObject } from '../object-texts.js';
import { fromIso } from '../times.js';
import type { FieldNames } from './jira-custom-fields.js';
import { fieldKinds, fieldTexts, type IssueFrame } from './jira-field-texts.js';
import { JiraIssues } from './jira-issue.js';
import { JiraMentions } from './jira-mentions.js';
import { issueKey } from './jira-site.js';
import { keyOf, leanKeys as keys } from './lean-issue-keys.js';
import { LeanParts } from './lean-issue-parts.js';

type Ancestors = readonly Readonly<Record<string, unknown>>[];
type Raw = NonNullable<ExportRecord['raw']>;
type LeanFrame = Omit<IssueFrame, 'title'>;

/** Members of an issue: of no account, needed below, or to be read in full. */
const issueTable = memberTable(
  keys,
  new Map([
    ['id', 0],
    ['expand', 0],
    ['operations', 0],
    ['schema', 0],
    ['key', 1],
    ['self', 1],
    ['fields', 1],
    ['changelog', 1],
  ]),
  2,
);

const skipped = 0;
const rich = 1;
const other = 2;

/** Members of `fields`. */
const fieldTable = memberTable(
  keys,
  new Map(
    [...fieldKinds].map(([name, kind]) => {
      if (kind === 'rich') return [name, rich];
      const isOther = kind !== 'none' && (kind !== 'own' || name === 'labels' || name === 'issuelinks');
      return [name, isOther ? other : skipped];
    }),
  ),
  other,
);

/** The names of fields that an issue is read with; `undefined` when it has to wait for them. */
export type NamesOf = (
  page: JsonObject | undefined,
) => { readonly names: FieldNames | undefined } | undefined;

export class LeanIssues implements LeanReader {
  readonly tape: JsonTape;
  readonly keys: readonly string[] = keys;
  /** Issues that were taken. */
  count = 0;
  readonly #lean: LeanSink;
  readonly #sink: RecordSink;
  readonly #issues: JiraIssues;
  readonly #namesOf: NamesOf;
  readonly #values: LeanValues;
  readonly #parts: LeanParts;
  /** Numbers of projects: what is told once for each. */
  readonly #projects = new Map<string, number>();
  readonly #members = { key: 0, self: 0, fields: 0, changelog: 0 };

  /** @param issues those whose mentions come to `record` of this reader's sink while it reads */
  constructor(lean: LeanSink, sink: RecordSink, issues: JiraIssues, namesOf: NamesOf) {
    this.tape = lean.tape;
    this.#lean = lean;
    this.#sink = sink;
    this.#issues = issues;
    this.#namesOf = namesOf;
    this.#values = new LeanValues(lean.tape, () => issues.mentions.changes);
    this.#parts = new LeanParts(lean, issues.mentions, this.#values);
  }

  read(element: number, ancestors: Ancestors, raw: Raw): boolean {
    if (!this.#hasCommonForm(element)) return false;
    const page = ancestors.at(-1);
    const named = this.#namesOf(isObject(page) ? page : undefined);
    if (named === undefined) return false;
    const { tape } = this;
    const { key, self, fields, changelog } = this.#members;
    const frame = this.#issues.frame(
      tape.string(key),
      self === 0 ? undefined : tape.value(self),
      this.#projectName(fields),
      raw,
    );
    const { mentions } = this.#issues;
    this.#lean.begin(element);
    mentions.redirect(this.#lean);
    this.#parts.begin(frame, this.#scopeOf(frame));
    this.#issue(fields, frame, named.names);
    this.#parts.all(fields, changelog);
    mentions.redirect(this.#sink);
    if (!this.#lean.commit(new LeanIssue(frame, named.names))) return false;
    if (this.#parts.incomplete > 0) this.#sink.note('incomplete', this.#parts.incomplete);
    if (this.#parts.attachments > 0) this.#sink.note('attachment-missing', this.#parts.attachments);
    this.count++;
    return true;
  }

  /** Whether an issue has the members that all have, and no others; they are noted. */
  #hasCommonForm(element: number): boolean {
    const { tape } = this;
    if (tape.has(element, jsonFlags.odd)) return false;
    const members = this.#members;
    members.key = members.self = members.fields = members.changelog = 0;
    for (let entry = element + 5, end = tape.next(element); entry < end; entry = tape.next(entry)) {
      const name = tape.key(entry);
      const action = issueTable[name];
      if (action === 2) return false;
      if (name === keyOf.key) members.key = entry;
      else if (name === keyOf.self) members.self = entry;
      else if (name === keyOf.fields) members.fields = entry;
      else if (name === keyOf.changelog) members.changelog = entry;
    }
    const { key, fields } = members;
    if (key === 0 || tape.kind(key) !== jsonKinds.string || !issueKey.test(tape.string(key))) return false;
    return fields !== 0 && tape.kind(fields) === jsonKinds.object;
  }

  #issue(fields: number, frame: LeanFrame, names: FieldNames | undefined): void {
    const { tape } = this;
    const end = tape.next(fields);
    const { mentions } = this.#issues;
    let created = 0;
    let creator = 0;
    let reporter = 0;
    for (let entry = fields + 5; entry < end; entry = tape.next(entry)) {
      const name = tape.key(entry);
      const kind = tape.kind(entry);
      if (name === keyOf.created) created = entry;
      else if (name === keyOf.creator) creator = kind === jsonKinds.null ? 0 : entry;
      else if (name === keyOf.reporter) reporter = entry;
      else if (name === keyOf.summary && kind === jsonKinds.string && tape.size(entry) > 0)
        this.#lean.string(entry, 'plain');
    }
    for (let entry = fields + 5; entry < end; entry = tape.next(entry))
      if (fieldTable[tape.key(entry)] === rich) this.#parts.rich(entry, 'description');
    const read = (name: string, value: unknown) =>
      fieldTexts(name, value, { ...frame, title: '' }, names, mentions);
    for (let entry = fields + 5; entry < end; entry = tape.next(entry)) {
      if (tape.kind(entry) < jsonKinds.string || fieldTable[tape.key(entry)] !== other) continue;
      this.#parts.give(this.#values.of(this.#parts.fieldScope, entry, read));
    }
    this.#parts.person(creator === 0 ? reporter : creator);
    this.#parts.end('issue', created, 0);
  }

  #projectName(fields: number): unknown {
    const { tape } = this;
    const project = tape.member(fields, keyOf.project);
    if (project === 0 || tape.kind(project) !== jsonKinds.object) return undefined;
    const name = tape.member(project, keyOf.name);
    return name === 0 ? undefined : tape.value(name);
  }

  #scopeOf({ place }: LeanFrame): number {
    let scope = this.#projects.get(place.id);
    if (scope === undefined) {
      scope = this.#projects.size;
      this.#projects.set(place.id, scope);
    }
    return scope;
  }
}

class LeanIssue implements LeanElement {
  readonly #frame: LeanFrame;
  readonly #names: FieldNames | undefined;

  constructor(frame: LeanFrame, names: FieldNames | undefined) {
    this.#frame = frame;
    this.#names = names;
  }

  time(text: string): string {
    return fromIso(text)?.text ?? '';
  }

  records(json: Buffer): readonly ExportRecord[] {
    const found: ExportRecord[] = [];
    // What it mentions was handed over.
    const mentions = new JiraMentions({ record: () => {} });
    const issues = new JiraIssues(
      collectingSink((record) => void found.push(record)),
      undefined,
      mentions,
    );
    issues.inFrame(JSON.parse(json.toString('utf8')), this.#frame, this.#names);
    return found;
  }
}

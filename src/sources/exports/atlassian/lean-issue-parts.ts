/** Comments, worklogs, attachments and changes of an issue in the lean form, and what they have in common with its fields. */
import { type JsonTape, jsonKinds } from '../../../prefilter/json-tape.js';
import type { RecordText, RecordType } from '../contract.js';
import { memberTable } from '../lean-members.js';
import type { LeanSink } from '../lean-record.js';
import { isoMsAt } from '../lean-times.js';
import type { LeanValues } from '../lean-values.js';
import { isNoise } from '../leaves.js';
import type { JsonObject } from '../object-texts.js';
import { changeTexts, richFields } from './jira-changes.js';
import { fieldNoise } from './jira-custom-fields.js';
import {
  attachmentMembers,
  changeMembers,
  commentMembers,
  type IssueFrame,
  memberTexts,
  richField,
  worklogMembers,
} from './jira-field-texts.js';
import type { JiraMentions } from './jira-mentions.js';
import { LeanAdf } from './lean-adf.js';
import { keyOf, leanKeys, wordOf } from './lean-issue-keys.js';

const other = 1;

/** Members of a part: those that are handled by name or say nothing, and others. */
function partTable(handled: ReadonlySet<string>): Uint8Array {
  return memberTable(leanKeys, new Map([...handled, ...fieldNoise].map((name) => [name, 0])), other);
}

const commentTable = partTable(commentMembers);
const worklogTable = partTable(worklogMembers);
const attachmentTable = partTable(attachmentMembers);
const changeTable = partTable(changeMembers);
const itemTable = memberTable(
  leanKeys,
  new Map(['field', 'fieldtype', 'fieldId', 'fromString', 'from', 'toString', 'to'].map((name) => [name, 0])),
  other,
);

/** Shorter texts hold no document. */
const leastDocument = 30;
/** Ids of this length look like ids, whatever they are made of, see `isNoise`. */
const longestId = 18;

export class LeanParts {
  readonly #tape: JsonTape;
  readonly #lean: LeanSink;
  readonly #mentions: JiraMentions;
  readonly #values: LeanValues;
  readonly #adf: LeanAdf;
  #frame: Omit<IssueFrame, 'title'> | undefined;
  #scope = 0;
  /** Lists that are shorter than they say. */
  incomplete = 0;
  attachments = 0;
  readonly #readUser = (_key: string, value: unknown): readonly RecordText[] => {
    if (this.#frame !== undefined) this.#mentions.user(value, this.#frame.site);
    return [];
  };
  readonly #readOther = (key: string, value: unknown): readonly RecordText[] => memberTexts(key, value, '');

  constructor(lean: LeanSink, mentions: JiraMentions, values: LeanValues) {
    this.#tape = lean.tape;
    this.#lean = lean;
    this.#mentions = mentions;
    this.#values = values;
    this.#adf = new LeanAdf(lean);
  }

  /** The project's number for values of fields, which are told in another way than those of parts. */
  get fieldScope(): number {
    return 2 * this.#scope + 1;
  }

  /** Begins with an issue. @param scope number of its project */
  begin(frame: Omit<IssueFrame, 'title'>, scope: number): void {
    this.#frame = frame;
    this.#scope = scope;
    this.incomplete = 0;
    this.attachments = 0;
  }

  /** Records of all parts. @param changelog entry of the change log, 0 without one */
  all(fields: number, changelog: number): void {
    const tape = this.#tape;
    this.#paged(tape.member(fields, keyOf.comment), keyOf.comments, (entry) => this.#comment(entry));
    this.#paged(tape.member(fields, keyOf.worklog), keyOf.worklogs, (entry) => this.#worklog(entry));
    this.#each(tape.member(fields, keyOf.attachment), (entry) => this.#attachment(entry));
    this.#paged(changelog, keyOf.histories, (entry) => this.#change(entry));
  }

  /** Adds rich text, in whatever form it comes. */
  rich(entry: number, role: 'description' | 'comment'): void {
    if (entry === 0) return;
    const tape = this.#tape;
    const frame = this.#frame as IssueFrame;
    const kind = tape.kind(entry);
    if (kind < jsonKinds.string) return;
    if (kind === jsonKinds.string && !this.#mayBeDocument(entry)) {
      if (tape.size(entry) > 0) this.#lean.string(entry, frame.markup);
    } else if (kind !== jsonKinds.object || !this.#adf.add(entry))
      this.give(richField(tape.value(entry), tape.keyText(entry), role, frame));
  }

  /** Has a person handed over who is new. */
  person(entry: number): void {
    if (entry !== 0 && this.#tape.kind(entry) === jsonKinds.object)
      this.#values.of(2 * this.#scope, entry, this.#readUser);
  }

  give(texts: readonly RecordText[]): void {
    for (const text of texts) this.#lean.text(text);
  }

  /** Ends a record. @param created,started entries of times, the first of which counts when it is one */
  end(type: RecordType, created: number, started: number): void {
    const { place } = this.#frame as IssueFrame;
    for (const entry of [created, started]) {
      if (entry === 0 || this.#tape.kind(entry) !== jsonKinds.string) continue;
      const ms = isoMsAt(this.#tape, entry);
      if (ms === undefined) continue;
      this.#lean.lean(place, type, ms, entry);
      return;
    }
    this.#lean.lean(place, type);
  }

  #comment(comment: number): void {
    const tape = this.#tape;
    this.rich(tape.member(comment, keyOf.body), 'comment');
    const rendered = tape.member(comment, keyOf.renderedBody);
    if (rendered !== 0 && tape.kind(rendered) === jsonKinds.string && tape.size(rendered) > 0)
      this.#lean.string(rendered, 'html');
    this.#part('comment', comment, commentTable);
  }

  #worklog(worklog: number): void {
    this.rich(this.#tape.member(worklog, keyOf.comment), 'comment');
    this.#part('worklog', worklog, worklogTable);
  }

  #attachment(attachment: number): void {
    const tape = this.#tape;
    const name = tape.member(attachment, keyOf.filename);
    if (name !== 0 && tape.kind(name) === jsonKinds.string) this.#lean.string(name, 'plain');
    const content = tape.member(attachment, keyOf.content);
    if (content !== 0 && tape.kind(content) === jsonKinds.string) {
      const address = tape.string(content);
      const isSigned = /[?&]token=/.test(address);
      this.#lean.text({ text: address, dialect: 'plain', ...(isSigned && { artifact: true }) });
    }
    this.#part('attachment', attachment, attachmentTable);
    this.attachments++;
  }

  #change(change: number): void {
    this.#each(this.#tape.member(change, keyOf.items), (item) => this.#item(item));
    this.#part('change', change, changeTable);
  }

  /** Texts of an item of the change log. */
  #item(item: number): void {
    const tape = this.#tape;
    const frame = this.#frame as IssueFrame;
    const fieldType = tape.member(item, keyOf.fieldtype);
    const isCustom = fieldType !== 0 && tape.word(fieldType) === wordOf.custom;
    if (isCustom || !this.#isCommonItem(item)) {
      this.give(changeTexts(tape.value(item) as JsonObject, 0, '', frame.markup));
      return;
    }
    const field = this.#stringAt(item, keyOf.field) || this.#stringAt(item, keyOf.fieldId);
    const isRich = field !== 0 && richFields.has(tape.string(field).toLowerCase());
    for (const [wording, id] of sides) {
      const text = this.#stringAt(item, wording);
      if (text !== 0) this.#lean.string(text, isRich ? frame.markup : 'plain');
      const value = this.#stringAt(item, id);
      if (value !== 0 && !this.#isPlainId(value, text)) this.#lean.string(value, 'plain');
    }
  }

  /** Whether an item has no members but those that all have, and strings in them. */
  #isCommonItem(item: number): boolean {
    const tape = this.#tape;
    for (let entry = item + 5, end = tape.next(item); entry < end; entry = tape.next(entry)) {
      const kind = tape.kind(entry);
      if (kind < jsonKinds.string) continue;
      if (itemTable[tape.key(entry)] === other || kind !== jsonKinds.string) return false;
      if (this.#mayBeDocument(entry)) return false;
    }
    return true;
  }

  /** The string under a key that is not empty; 0 when there is none. */
  #stringAt(object: number, key: number): number {
    const tape = this.#tape;
    const entry = tape.member(object, key);
    return entry !== 0 && tape.kind(entry) === jsonKinds.string && tape.size(entry) > 0 ? entry : 0;
  }

  /** Whether a value behind a wording says nothing that the wording does not say. */
  #isPlainId(value: number, wording: number): boolean {
    const tape = this.#tape;
    if (tape.size(value) <= longestId && hasOnlyIdBytes(tape, value)) return true;
    if (wording !== 0 && tape.isSame(value, wording)) return true;
    const text = tape.string(value);
    return (wording !== 0 && text === tape.string(wording)) || isNoise('id', text);
  }

  /** Whether a string may be a document written as JSON, or blanks before one. */
  #mayBeDocument(entry: number): boolean {
    const tape = this.#tape;
    if (tape.size(entry) <= leastDocument) return false;
    const first = tape.bytes[tape.start(entry)] as number;
    return first === 0x7b || first === 0x5c || first === 0x20 || first >= 0x80;
  }

  /** Ends a part, if it has texts. */
  #part(type: RecordType, part: number, table: Uint8Array): void {
    const tape = this.#tape;
    for (let entry = part + 5, end = tape.next(part); entry < end; entry = tape.next(entry)) {
      if (table[tape.key(entry)] === other && tape.kind(entry) >= jsonKinds.string)
        this.give(this.#values.of(2 * this.#scope, entry, this.#readOther));
    }
    this.person(tape.member(part, keyOf.updateAuthor));
    this.person(tape.member(part, keyOf.author));
    if (this.#lean.texts > 0)
      this.end(type, tape.member(part, keyOf.created), tape.member(part, keyOf.started));
  }

  #paged(page: number, key: number, each: (object: number) => void): void {
    const tape = this.#tape;
    if (page === 0 || tape.kind(page) !== jsonKinds.object) return;
    const list = tape.member(page, key);
    const count = this.#each(list, each);
    const total = tape.member(page, keyOf.total);
    if (total !== 0 && tape.kind(total) === jsonKinds.number && Number(tape.value(total)) > count)
      this.incomplete++;
  }

  /** Visits the objects of an array; returns how many elements it has. */
  #each(list: number, each: (object: number) => void): number {
    const tape = this.#tape;
    if (list === 0 || tape.kind(list) !== jsonKinds.array) return 0;
    let count = 0;
    for (let entry = list + 5, end = tape.next(list); entry < end; entry = tape.next(entry)) {
      count++;
      if (tape.kind(entry) === jsonKinds.object) each(entry);
    }
    return count;
  }
}

/** Keys of a wording and of the id behind it, before and after. */
const sides = [
  [keyOf.fromString, keyOf.from],
  [keyOf.toString, keyOf.to],
] as const;

function hasOnlyIdBytes(tape: JsonTape, entry: number): boolean {
  const { bytes } = tape;
  for (let at = tape.start(entry), end = tape.endOf(entry); at < end; at++) {
    const byte = bytes[at] as number;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
    if (!isDigit && !isLetter && byte !== 0x2d && byte !== 0x2e && byte !== 0x3a && byte !== 0x5f)
      return false;
  }
  return true;
}

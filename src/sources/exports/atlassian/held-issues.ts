/** Issues that wait for the names of their custom fields, which Jira writes after them. */
import type { ExportFile } from '../contract.js';
import { colon, skipSpaces } from '../json-bytes.js';
import type { JsonRecord } from '../json-records.js';
import { isObject, type JsonObject } from '../object-texts.js';
import type { FieldNames } from './jira-custom-fields.js';
import type { JiraIssues } from './jira-issue.js';

/** JSON of issues that is kept until the names of their fields are known. */
const maxHeldBytes = 16 * 1024 * 1024;
/** Names of a larger file would come too late. */
const maxFileHeld = 64 * 1024 * 1024;
/** The key under which they stand. */
const namesKey = '"names"';

/** Whether names may stand behind issues: a look at a file of common size, if it can be read twice. */
export async function mayBeNamedLate(file: ExportFile): Promise<boolean> {
  if (file.size !== undefined && file.size > maxFileHeld) return false;
  // In UTF-16 it would not be found.
  if (file.isRepeatable !== true || file.head.includes(0)) return true;
  let size = 0;
  let before: Buffer = Buffer.alloc(0);
  for await (const chunk of file.chunks()) {
    size += chunk.length;
    if (size > maxFileHeld) return true;
    const joint = Buffer.concat([before, chunk.subarray(0, namesKey.length)]);
    if (hasNamesKey(joint) || hasNamesKey(chunk)) return true;
    // A chunk may be a view of a buffer that is used again.
    before = Buffer.from(chunk.subarray(Math.max(0, chunk.length - namesKey.length)));
  }
  return false;
}

/** Whether the key stands in a piece of JSON, or may do so at its end. */
function hasNamesKey(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(namesKey, 0, 'latin1'); at >= 0; ) {
    const behind = at + namesKey.length;
    const next = skipSpaces(bytes, behind, bytes.length);
    // A string may say the same.
    if (next === bytes.length || bytes[next] === colon) return true;
    at = bytes.indexOf(namesKey, behind, 'latin1');
  }
  return false;
}

export class HeldIssues {
  readonly #issues: JiraIssues;
  readonly #isHolding: boolean;
  readonly #besides: FieldNames | undefined;
  #learned: FieldNames | undefined;
  #waiting: { record: JsonRecord; issue: JsonObject }[] = [];
  #bytes = 0;

  /**
   * @param besides names that lie beside the file
   * @param isHolding whether issues of pages wait for names of their own
   */
  constructor(issues: JiraIssues, besides: FieldNames | undefined, isHolding: boolean) {
    this.#issues = issues;
    this.#besides = besides;
    this.#isHolding = isHolding;
  }

  /** Names for the issues of a page that have none of their own; undefined when they have to wait. */
  namesOn(page: JsonObject | undefined): { readonly names: FieldNames | undefined } | undefined {
    const own = page?.['names'];
    const names = isObject(own) ? own : this.#besides;
    if (names === undefined && page !== undefined && this.#isHolding) return undefined;
    return { names: names ?? this.#learned };
  }

  add(record: JsonRecord, issue: JsonObject): void {
    const own = issue['names'];
    const page = record.ancestors.at(-1);
    const known = isObject(own) ? { names: own } : this.namesOn(page);
    if (known !== undefined) {
      this.#issues.issue(issue, known.names, record.raw);
      return;
    }
    this.#waiting.push({ record, issue });
    this.#bytes += record.raw.end - record.raw.start;
    if (this.#bytes > maxHeldBytes) this.flush();
  }

  /** @param namesOf names on the page of a record, known now that all of it is read */
  flush(namesOf?: (record: JsonRecord) => unknown): void {
    for (const { record, issue } of this.#waiting) {
      const names = namesOf?.(record) ?? record.ancestors.at(-1)?.['names'];
      if (isObject(names)) this.#learned = names;
      this.#issues.issue(issue, this.#learned, record.raw);
    }
    this.#waiting = [];
    this.#bytes = 0;
  }
}

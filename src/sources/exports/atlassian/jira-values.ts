/** Small judgements on values of Jira, the same in each of its exports. */
import type { FieldRole } from '../../../model/appearance.js';
import type { Dialect, RecordActor, RecordText } from '../contract.js';
import { isObject, type JsonObject } from '../object-texts.js';
import { adfInString, adfTexts, isAdf } from './adf.js';

export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** An id, which newer and older versions write as a number or as a string. */
export function idOf(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : stringOf(value);
}

/** `com.example.FieldValue@170e16ef`: what Java prints of an object that has no text. */
const javaObject = /^[\w.$]{1,200}@[0-9a-f]{1,16}(?=$|\[)/;
/** Position in the backlog, e.g. `0|hzzzzz:i`. */
const rank = /^\d\|[0-9a-z]{1,60}:[0-9a-z]{0,250}$/;

/** A field's text without what Java made of it; empty when nothing is left. */
export function withoutJunk(text: string): string {
  if (rank.test(text) || text === '{}' || text === '[]') return '';
  return text.includes('@') ? text.replace(javaObject, '') : text;
}

/** Characters that mean something in wiki markup, or a second line. */
const wikiLike = /[\n{}[\]\\]/;

/** Dialect of a field of which the export does not say whether its markup is rendered. */
export function customDialect(text: string): Dialect {
  return wikiLike.test(text) ? 'jira-wiki' : 'plain';
}

/**
 * Texts of a rich text: a string in `dialect`, an ADF document, or one written as a JSON string. Undefined for
 * anything else.
 */
export function richTexts(
  value: unknown,
  path: string,
  role: FieldRole,
  dialect: Dialect,
  label?: string,
): RecordText[] | undefined {
  if (typeof value === 'string') {
    if (value === '') return [];
    const document = value.length > 30 ? adfInString(value) : undefined;
    return document === undefined
      ? [{ text: value, dialect, field: { path, role }, ...(label === undefined ? {} : { label }) }]
      : adfTexts(document, path, role, label);
  }
  return isAdf(value) ? adfTexts(value, path, role, label) : undefined;
}

/** True for a person as Jira Cloud or Jira Server names one. */
export function isUser(value: JsonObject): boolean {
  return (
    typeof value['displayName'] === 'string' &&
    (typeof value['accountId'] === 'string' ||
      typeof value['emailAddress'] === 'string' ||
      'avatarUrls' in value ||
      'active' in value)
  );
}

/** Id of a person: the account's in Cloud; key or name on a server. */
export function userId(user: JsonObject): string | undefined {
  return (
    stringOf(user['accountId']) ??
    stringOf(user['key']) ??
    stringOf(user['name']) ??
    stringOf(user['emailAddress'])
  );
}

export function actorOf(value: unknown): RecordActor | undefined {
  if (!isObject(value)) return undefined;
  const id = userId(value);
  const name = stringOf(value['displayName']) ?? stringOf(value['name']);
  const email = stringOf(value['emailAddress']);
  if (id === undefined && name === undefined) return undefined;
  return {
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    kind: value['accountType'] === 'app' ? 'app' : 'user',
  };
}

/** `API-12 Login fails`, as people call an issue. */
export function issueTitle(key: string, summary: unknown): string {
  return typeof summary === 'string' && summary !== '' ? `${key} ${summary}` : key;
}

/** What a Slack message looks like. */
import { isObject, type JsonObject } from '../object-texts.js';

/** `ts`: seconds, a dot, six digits. It is id and time in one, and stays a string. */
const stamp = /^\d{9,10}\.\d{6}$/;

export function isStamp(value: unknown): value is string {
  return typeof value === 'string' && stamp.test(value);
}

export function isMessage(value: unknown): value is JsonObject {
  return isObject(value) && isStamp(value['ts']) && hasMessageKeys(value);
}

/** Keys of which a message has at least one; what else has a `ts` is no message. */
const messageKeys = [
  'text',
  'blocks',
  'attachments',
  'files',
  'file',
  'subtype',
  'original',
  'previous_message',
];

function hasMessageKeys(value: JsonObject): boolean {
  return value['type'] === 'message' || messageKeys.some((key) => value[key] !== undefined);
}

/** Keys under which envelopes keep a message or a page of them. */
export const envelopeKeys: readonly string[] = [
  'message',
  'messages',
  'event',
  'data',
  'edits',
  'results',
  'matches',
  'value',
  '_source',
];
const maxEnvelopes = 4;

/** Messages of an envelope: an API page, an archiver's wrapping. The keys lead to them. */
export function messagesIn(
  value: unknown,
  depth: number = 0,
): readonly { readonly message: JsonObject; readonly holder: JsonObject | undefined }[] {
  if (isMessage(value)) return [{ message: value, holder: undefined }];
  if (depth > maxEnvelopes) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => messagesIn(item, depth + 1));
  if (!isObject(value)) return [];
  return envelopeKeys.flatMap((key) =>
    value[key] === undefined
      ? []
      : messagesIn(value[key], depth + 1).map(({ message, holder }) => ({
          message,
          holder: holder ?? value,
        })),
  );
}

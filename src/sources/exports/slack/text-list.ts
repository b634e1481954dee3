/** Collects the texts of one record. */
import type { FieldRole } from '../../../model/appearance.js';
import type { Dialect, RecordSink, RecordText } from '../contract.js';
import { isNoise, labelOf, noClaims, unclaimedTexts } from '../leaves.js';

/** What the addresses of an export's files end in: the token of this very export. */
const exportTokenMark = '=xoxe';

/** Ids are at most 13 characters, a `ts` is 17; most words of closed sets are shorter. */
export const longestPlain: number = 17;

const slackId = /^[ABCDEFGQSTUWX][A-Z0-9]{6,11}$/;
/** Keys under which an id of Slack stands, that do not end in `id`. */
const idKeys =
  /^(?:user|users|team|teams|groups|ims|creator|inviter|channel|channels|members?|bot|file|files|last_editor|editor|host|owner|author|created_by|updated_by|participants.*|.*_(?:user|users|team|teams|by|ids|members|participants))$/;

/** An id where an id is to be expected: whose, where, by whom. */
function isSlackId(key: string, text: string): boolean {
  return slackId.test(text) && idKeys.test(key);
}

function isPlain(key: string, text: string): boolean {
  return text.length <= longestPlain || isSlackId(key, text);
}

/** Keys that are the last part of a path, whatever stands before them. */
const isLastKey = /^[A-Za-z_]\w*$/;

export class TextList {
  readonly texts: RecordText[] = [];
  readonly #sink: Pick<RecordSink, 'unknownKey'>;
  #lastLink = '';

  constructor(sink: Pick<RecordSink, 'unknownKey'>) {
    this.#sink = sink;
  }

  add(path: string, role: FieldRole, text: unknown, dialect: Dialect, label?: string): void {
    if (typeof text !== 'string' || text === '') return;
    const field = { path, role };
    if (label === undefined || label === '') this.texts.push({ text, dialect, field });
    else this.texts.push({ text, dialect, field, label });
  }

  /** An address. Attachments name one several times in a row: told once. */
  link(path: string, url: unknown): void {
    if (typeof url !== 'string' || url === '' || url === this.#lastLink) return;
    this.#lastLink = url;
    const field = { path, role: 'link' } as const;
    if (url.includes(exportTokenMark))
      this.texts.push({ text: url, dialect: 'plain', field, artifact: true });
    else this.texts.push({ text: url, dialect: 'plain', field });
  }

  /**
   * A member that holds an id, a word of a closed set, a picture: handed over when it does not look the part.
   */
  noise(path: string, key: string, value: unknown): void {
    if (typeof value === 'string' ? value.length > longestPlain : value !== null)
      this.#sweep(path, key, value, 'all', isPlain);
  }

  /**
   * Everything of a value that the format facts say nothing special of.
   *
   * @param known keys that hold text and need no report; `all` where keys are chosen by whoever writes
   */
  sweep(path: string, key: string, value: unknown, known?: ReadonlySet<string> | 'all'): void {
    this.#sweep(path, key, value, known, isSlackId);
  }

  #sweep(
    path: string,
    key: string,
    value: unknown,
    known: ReadonlySet<string> | 'all' | undefined,
    isFormatNoise: (key: string, text: string) => boolean,
  ): void {
    if (typeof value === 'string') {
      if (value.length < 3 || isNoise(key, value) || isFormatNoise(key, value)) return;
      if (isLastKey.test(key) && path.endsWith(key) && !value.includes('\\')) {
        this.#found(path, key, value, known);
        return;
      }
    } else if (typeof value !== 'object' || value === null) return;
    const swept = unclaimedTexts(value, noClaims, {
      prefix: path,
      ...(known === undefined || known === 'all' ? {} : { known }),
      ...(known === 'all' ? {} : { onUnknown: (inner) => this.#sink.unknownKey(inner) }),
      isNoise: isFormatNoise,
    });
    for (const text of swept)
      this.texts.push(text.text.includes(exportTokenMark) ? { ...text, artifact: true } : text);
  }

  /** A string that the sweep would hand over as it is. */
  #found(path: string, key: string, text: string, known: ReadonlySet<string> | 'all' | undefined): void {
    const label = labelOf(key, text);
    this.texts.push({
      text,
      dialect: 'plain',
      field: { path, role: 'metadata' },
      ...(label === undefined ? {} : { label }),
      ...(text.includes(exportTokenMark) && { artifact: true }),
    });
    if (known !== 'all' && known?.has(key) !== true) this.#sink.unknownKey(key);
  }
}

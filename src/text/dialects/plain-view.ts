/**
 * The `plain` view of a text: its markup undone, what hides a token cleaned away. Beside the text, not instead of it:
 * a value may hold what looks like markup.
 */
import type { Spelling } from '../../model/finding.js';
import { composeMaps } from '../offset-map.js';
import { undoTypography, undoUnseen } from '../typography.js';
import type { OffsetMap } from '../view.js';
import type { Rewritten } from '../view-writer.js';
import { type ByteClasses, byteClasses, scanBytes } from './byte-scan.js';
import type { DerivedText } from './derived-text.js';
import type { Dialect } from './dialect.js';
import { undoHtml } from './html.js';
import { undoIrc } from './irc.js';
import { undoJiraWiki } from './jira-wiki.js';
import { hasLinkWrapper, undoLinkWrappers } from './link-wrappers.js';
import { undoLogAnsi } from './log-ansi.js';
import { undoMail } from './mail.js';
import { undoMarkdown } from './markdown.js';
import { MarkupWriter } from './markup-writer.js';
import { undoSlackMrkdwn } from './slack-mrkdwn.js';
import { undoWikitext } from './wikitext.js';

export type { DerivedText } from './derived-text.js';

interface DialectRules {
  /** Bytes without which there is nothing to undo. */
  readonly classes: ByteClasses;
  readonly undo?: (writer: MarkupWriter) => void;
  /** Texts of people may have passed a mail filter. */
  readonly hasWrappers: boolean;
  readonly cleanUp: (input: Buffer) => Rewritten | undefined;
}

function rules(
  marks: string,
  undo?: (writer: MarkupWriter) => void,
  changes: Partial<DialectRules> = {},
): DialectRules {
  const base = { classes: byteClasses(marks), hasWrappers: true, cleanUp: undoTypography };
  return { ...base, ...(undo === undefined ? {} : { undo }), ...changes };
}

/** Bytes without which there is nothing to undo in a dialect, besides damage. */
export const dialectMarks: Readonly<Record<Dialect, string>> = {
  plain: '',
  html: '<&',
  'confluence-storage': '<&',
  'slack-mrkdwn': '<&',
  'jira-wiki': '\\{[&',
  markdown: '\\[<&*',
  wikitext: "<&'",
  mail: '<>',
  irc: '\n',
  // `T` stands in every time stamp but TeamCity's, which begins with a bracket.
  'log-ansi': '\rT[',
  code: '',
};

const rulesOf: Readonly<Record<Dialect, DialectRules>> = {
  plain: rules(dialectMarks.plain),
  html: rules(dialectMarks.html, undoHtml),
  'confluence-storage': rules(dialectMarks['confluence-storage'], undoHtml),
  'slack-mrkdwn': rules(dialectMarks['slack-mrkdwn'], undoSlackMrkdwn),
  'jira-wiki': rules(dialectMarks['jira-wiki'], undoJiraWiki),
  markdown: rules(dialectMarks.markdown, undoMarkdown),
  wikitext: rules(dialectMarks.wikitext, undoWikitext),
  mail: rules(dialectMarks.mail, undoMail),
  irc: rules(dialectMarks.irc, undoIrc, { hasWrappers: false }),
  'log-ansi': rules(dialectMarks['log-ansi'], undoLogAnsi, { hasWrappers: false }),
  code: rules(dialectMarks.code, undefined, { hasWrappers: false, cleanUp: undoUnseen }),
};

/** Wrapped addresses within wrapped addresses that are undone. */
const maxWrappers = 3;

/**
 * `bytes` without the markup of its dialect; undefined when nothing of note would change, which mostly one look at each
 * byte tells. The map leads back to `bytes`.
 */
export function plainView(bytes: Buffer, dialect: Dialect): DerivedText | undefined {
  const { classes, undo, hasWrappers, cleanUp } = rulesOf[dialect];
  const scan = scanBytes(bytes, classes);
  if (scan === 'plain') return undefined;
  const isWrapped = hasWrappers && hasLinkWrapper(bytes);
  if (scan === 'addresses' && !isWrapped) return undefined;
  const view = new Layers(bytes);
  if (undo !== undefined) {
    const writer = new MarkupWriter(bytes);
    undo(writer);
    view.add(writer.finish(), writer.layers);
  }
  if (isWrapped) {
    for (let depth = 0; depth < maxWrappers; depth++) {
      if (!view.add(undoLinkWrappers(view.bytes), ['percent'])) break;
    }
  }
  view.add(cleanUp(view.bytes), []);
  return view.derived();
}

class Layers {
  bytes: Buffer;
  readonly #spelling: Spelling[] = [];
  #map: OffsetMap | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Whether there was anything to undo. */
  add(undone: Rewritten | undefined, spelling: readonly Spelling[]): boolean {
    if (undone === undefined) return false;
    this.bytes = undone.bytes;
    this.#map = this.#map === undefined ? undone.map : composeMaps(this.#map, undone.map);
    for (const layer of spelling) if (!this.#spelling.includes(layer)) this.#spelling.push(layer);
    return true;
  }

  derived(): DerivedText | undefined {
    if (this.#map === undefined) return undefined;
    return { bytes: this.bytes, map: this.#map, spelling: this.#spelling };
  }
}

/** A page of Confluence's HTML export taken apart: its text, its comments and its attachments, as HTML. */
import { Parser } from 'htmlparser2';

export interface HtmlComment {
  readonly id: string;
  readonly html: string;
}

export interface HtmlAttachment {
  readonly id: string;
  readonly page: string;
  readonly name: string;
}

export interface HtmlPage {
  /** `Space name : Page title` as the heading has it. */
  readonly heading: string;
  /** First of the breadcrumbs: the space. */
  readonly space: string | undefined;
  readonly author: string | undefined;
  readonly editor: string | undefined;
  /** What the line under the heading says. */
  readonly byline: string;
  /** HTML of the page's own text; code blocks are scripts in it. */
  readonly main: string;
  readonly comments: readonly HtmlComment[];
  readonly attachments: readonly HtmlAttachment[];
  /** HTML of all else. */
  readonly around: string;
  /** False when the file ends within the page's text. */
  readonly isWhole: boolean;
}

/** Parts of the file that are read apart. */
type Region = 'main' | 'heading' | 'byline' | 'author' | 'editor' | 'crumb' | 'attachment';

interface Open {
  readonly region: Region;
  readonly depth: number;
  /** Offset behind the start tag. */
  readonly start: number;
  text: string;
}

/** Comments and attachments that are told apart; what exceeds them stays in one piece. */
const maxParts = 10_000;

export function readHtmlPage(html: string): HtmlPage {
  const reading = new PageReading(html);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => reading.open(name, attributes, parser.startIndex, parser.endIndex + 1),
      onclosetag: () => reading.close(parser.startIndex),
      ontext: (text) => reading.text(text),
    },
    { recognizeCDATA: true, decodeEntities: true },
  );
  parser.end(html);
  return reading.result();
}

class PageReading {
  readonly #html: string;
  readonly #open: Open[] = [];
  #depth = 0;
  readonly #found = new Map<Region, string>();
  #main: { start: number; end: number } | undefined;
  #isWhole = false;
  readonly #attachments: HtmlAttachment[] = [];
  #attachment: Omit<HtmlAttachment, 'name'> | undefined;
  readonly #comments: { id: string; start: number }[] = [];

  constructor(html: string) {
    this.#html = html;
  }

  open(name: string, attributes: Readonly<Record<string, string>>, start: number, end: number): void {
    this.#depth++;
    const region = this.#regionOf(name, attributes);
    if (region !== undefined) this.#open.push({ region, depth: this.#depth, start: end, text: '' });
    const comment = /^comment-(\d{1,20})$/.exec(attributes['name'] ?? attributes['id'] ?? '')?.[1];
    // The anchor stands at the start of its comment; the cell or list item around it begins just before.
    if (comment !== undefined && this.#main !== undefined && this.#comments.length < maxParts)
      this.#comments.push({ id: comment, start });
  }

  text(text: string): void {
    for (const open of this.#open) if (open.region !== 'main') open.text += text;
  }

  close(start: number): void {
    const top = this.#open.at(-1);
    if (top?.depth === this.#depth) {
      this.#open.pop();
      this.#finish(top, Math.max(start, top.start));
    }
    this.#depth--;
  }

  result(): HtmlPage {
    const html = this.#html;
    const main = this.#main ?? { start: 0, end: html.length };
    const comments = this.#comments.map(({ id, start }, i) => ({
      id,
      html: html.slice(start, this.#comments[i + 1]?.start ?? html.length),
    }));
    const firstComment = this.#comments[0]?.start ?? html.length;
    const found = (region: Region): string => (this.#found.get(region) ?? '').replace(/\s+/g, ' ').trim();
    return {
      heading: found('heading'),
      space: found('crumb') || undefined,
      author: found('author') || undefined,
      editor: found('editor') || undefined,
      byline: found('byline'),
      main: html.slice(main.start, main.end),
      comments,
      attachments: this.#attachments,
      around: `${html.slice(0, main.start)}\n${html.slice(main.end, Math.max(main.end, firstComment))}`,
      isWhole: this.#isWhole,
    };
  }

  #regionOf(name: string, attributes: Readonly<Record<string, string>>): Region | undefined {
    const { id, class: classes = '', href = '' } = attributes;
    if (id === 'main-content' && this.#main === undefined) return 'main';
    if (id === 'title-text') return 'heading';
    if (name === 'a') return this.#link(href);
    if (classes === 'page-metadata') return 'byline';
    if (name === 'span' && classes === 'author') return 'author';
    return name === 'span' && classes === 'editor' ? 'editor' : undefined;
  }

  #link(href: string): Region | undefined {
    const attached = /^attachments\/(\d{1,20})\/(\d{1,20})(?:\.|$)/.exec(href);
    // Within the text it is a picture or a link; the list behind it has them all.
    if (attached?.[1] !== undefined && attached[2] !== undefined && !this.#isIn('main')) {
      if (this.#attachments.length >= maxParts) return undefined;
      this.#attachment = { page: attached[1], id: attached[2] };
      return 'attachment';
    }
    return href === 'index.html' && this.#main === undefined ? 'crumb' : undefined;
  }

  #isIn(region: Region): boolean {
    return this.#open.some((open) => open.region === region);
  }

  #finish(open: Open, end: number): void {
    if (open.region === 'main') {
      this.#main = { start: open.start, end };
      // An element that the parser closes at the end of the text was never closed.
      this.#isWhole = this.#html.startsWith('</', end);
    } else if (open.region === 'attachment' && this.#attachment !== undefined)
      this.#attachments.push({ ...this.#attachment, name: open.text.trim() });
    else if (!this.#found.has(open.region)) this.#found.set(open.region, open.text);
  }
}

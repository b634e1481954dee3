/** What the readers of documents hand over: blocks of running text, remarks, values with a name. */
import type {
  ExportFile,
  ExportRecord,
  RecordActor,
  RecordPlace,
  RecordSink,
  RecordText,
} from '../contract.js';
import { baseName, folderPlace, RecordIds } from '../generic/file-place.js';
import { fromIso, recordTime } from '../times.js';

export interface Remark {
  readonly kind: 'comment' | 'deleted';
  readonly text: string;
  readonly author?: string;
  /** As the document writes it. */
  readonly date?: string;
}

export class DocumentOutput {
  readonly #sink: RecordSink;
  readonly #place: RecordPlace;
  readonly #base: string;
  readonly #chain: readonly string[];
  readonly #ids: RecordIds;
  #title: string | undefined;

  /** @param chain names of the documents within documents that lead here */
  constructor(file: Pick<ExportFile, 'name'>, sink: RecordSink, chain: readonly string[] = []) {
    this.#sink = sink;
    this.#place = folderPlace(file);
    this.#base = baseName(file);
    this.#chain = chain;
    this.#ids = new RecordIds(file, chain.length === 0 ? undefined : chain.join('!/'));
  }

  get sink(): RecordSink {
    return this.#sink;
  }

  /** Ids and place for readers that make their records themselves. */
  get place(): RecordPlace {
    return this.#place;
  }

  idsWithin(part: string): RecordIds {
    return new RecordIds({ name: this.#base }, [...this.#chain, part].join('!/'));
  }

  /** Title that the document states; what comes afterwards carries it. */
  set title(title: string) {
    this.#title = title.trim().slice(0, 300) || undefined;
  }

  /** Running text. @param where what people call it: `page 3`, `slide 2`, `header1` */
  text(where: string, text: string, texts: readonly RecordText[] = []): void {
    const body: RecordText[] =
      text.trim() === '' ? [] : [{ text, dialect: 'plain', field: { path: where, role: 'body' } }];
    this.#give(where, 'page', [...body, ...texts]);
  }

  /** Texts with names: properties, form fields, cells of a row. */
  values(where: string, texts: readonly RecordText[], type: ExportRecord['type'] = 'setting'): void {
    this.#give(where, type, texts);
  }

  remark(where: string, { kind, text, author, date }: Remark): void {
    if (text.trim() === '') return;
    const actor: RecordActor | undefined =
      author === undefined || author === '' ? undefined : { name: author };
    const time = recordTime(fromIso(date));
    const role = kind === 'comment' ? 'comment' : 'history-old';
    this.#give(
      where,
      kind === 'comment' ? 'comment' : 'change',
      [{ text, dialect: 'plain', field: { path: kind, role } }],
      {
        ...(actor === undefined ? {} : { actor }),
        ...(time === undefined ? {} : { time }),
        revision: { state: kind === 'comment' ? 'current' : 'deleted' },
      },
    );
  }

  #give(
    where: string,
    type: ExportRecord['type'],
    texts: readonly RecordText[],
    more: Partial<Pick<ExportRecord, 'actor' | 'time' | 'revision'>> = {},
  ): void {
    if (texts.length === 0) return;
    const chain = this.#chain;
    this.#sink.record({
      place: this.#place,
      type,
      id: this.#ids.next(where),
      ...(this.#title === undefined ? {} : { title: this.#title }),
      revision: { state: 'current' },
      ...more,
      texts: chain.length === 0 ? texts : texts.map((text) => ({ ...text, chain })),
    });
  }
}

/**
 * Writes to a stream with back-pressure, in pieces of some size, and falls silent when the reader has gone
 * away (`sprawl list | head`): a broken pipe is no failure.
 */
import type { OutputStream } from './io.js';

/** Characters collected before a write: thousands of one-line writes cost more than the report itself. */
const flushAt = 32_768;

export class Output {
  readonly #stream: OutputStream;
  #pending = '';
  #broken = false;

  constructor(stream: OutputStream) {
    this.#stream = stream;
  }

  /** True once the reader has closed its end: whoever produces text may stop. */
  get broken(): boolean {
    return this.#broken;
  }

  async print(text: string): Promise<void> {
    if (this.#broken) return;
    this.#pending += text;
    if (this.#pending.length >= flushAt) await this.flush();
  }

  async printLine(text: string): Promise<void> {
    await this.print(`${text}\n`);
  }

  /** Prints all pieces; stops asking for more when the reader is gone. */
  async printAll(pieces: AsyncIterable<string>): Promise<void> {
    for await (const piece of pieces) {
      await this.print(piece);
      if (this.#broken) return;
    }
  }

  async flush(): Promise<void> {
    if (this.#broken || this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(text, (error) => {
        if (error === undefined || error === null) resolve();
        else if ((error as NodeJS.ErrnoException).code === 'EPIPE') {
          this.#broken = true;
          resolve();
        } else reject(error);
      });
    });
  }
}

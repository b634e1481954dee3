/**
 * The only carrier of a raw secret. It prints as `[secret]` on every road to text and becomes `{}` when
 * a thread posts it, so that a slip shows up as a missing value and not as a leak.
 */
import type { InspectOptions } from 'node:util';

const shown = '[secret]';

export class SecretValue {
  readonly #bytes: Buffer;

  /** @param bytes the literal value after its enclosing syntax was undone */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Length in bytes. */
  get byteLength(): number {
    return this.#bytes.length;
  }

  /** Gives the raw bytes. Only detect/, identity/ and the hook of `--show-secrets` may call it. */
  reveal(): Buffer {
    return this.#bytes;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }
}

// `isolatedDeclarations` cannot express a computed member, so the inspector hook is set here.
Object.defineProperty(SecretValue.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value: (_depth: number, _options: InspectOptions): string => shown,
});

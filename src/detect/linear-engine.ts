/**
 * The engine for patterns from outside: re2js, which runs in time linear in the text whatever the pattern.
 * Loaded only when a configuration has rules, since everybody else would pay for it at every start.
 *
 * re2-wasm was measured against it (docs/design/0012): 10 ms to compile a pattern against 0.4 ms, and its
 * fixed 16 MiB are full after some 390 patterns, at which every pattern that it holds is lost.
 */
import { RE2JS } from 're2js';

/** Receives the spans of a match and of a group in it, within the text. Return false to stop. */
export type LinearVisitor = (start: number, end: number, valueStart: number, valueEnd: number) => boolean;

export interface LinearProgram {
  /** Whether the text holds a match at all; costs a fraction of {@link visit}. */
  test(text: string): boolean;
  /** Matches from left to right, none overlapping another. */
  visit(text: string, secretGroup: number, visitor: LinearVisitor): void;
}

export interface LinearEngine {
  /** A compiled pattern, from memory when it is there. Throws when the engine refuses the pattern. */
  program(source: string): LinearProgram;
}

/** Compiled patterns that are kept; then all are dropped and compiled again as they are needed. */
const mostPrograms = 400;
/** Bytes that an automaton may take up; beyond that it starts anew. With the above: some 50 MB an engine. */
const automatonBytes = 128 * 1024;

class Re2Program implements LinearProgram {
  readonly #pattern: RE2JS;

  constructor(source: string) {
    this.#pattern = RE2JS.compile(source);
    const automaton = this.#pattern.re2().dfa;
    automaton.maxMem = automatonBytes;
    automaton.stateBudget = automatonBytes;
    automaton.memBudget = automatonBytes;
  }

  test(text: string): boolean {
    return this.#pattern.test(text);
  }

  visit(text: string, secretGroup: number, visitor: LinearVisitor): void {
    const matcher = this.#pattern.matcher(text);
    const groups = matcher.groupCount();
    while (matcher.find()) {
      let group = secretGroup;
      for (let i = 1; secretGroup === 0 && i <= groups && group === 0; i++) {
        if (matcher.end(i) > matcher.start(i)) group = i;
      }
      if (!visitor(matcher.start(), matcher.end(), matcher.start(group), matcher.end(group))) return;
    }
  }
}

class ProgramCache implements LinearEngine {
  readonly #programs = new Map<string, LinearProgram>();

  program(source: string): LinearProgram {
    const known = this.#programs.get(source);
    if (known !== undefined) return known;
    if (this.#programs.size >= mostPrograms) this.#programs.clear();
    const made = new Re2Program(source);
    this.#programs.set(source, made);
    return made;
  }
}

export function makeLinearEngine(): LinearEngine {
  return new ProgramCache();
}

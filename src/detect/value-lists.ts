/** Allow lists of a configuration as far as they speak of values; what they say of places is decided later. */

import { parseRe2 } from '../rules/re2/parse.js';
import { sourceOf } from '../rules/re2/source.js';
import type { ValueList } from '../rules/rule-set.js';
import type { LinearEngine } from './linear-engine.js';

/** What a list may look at. */
export interface ListedTexts {
  readonly secret: string;
  readonly match: string;
  /** The lines on which the match stands. */
  readonly line: string;
}

interface Test {
  readonly list: ValueList;
  /** All patterns as one, made when it is first needed. */
  pattern: string | undefined;
}

/** True when nothing but values decides. */
function isAboutValues({ condition, paths, commits }: ValueList): boolean {
  return condition === 'or' || paths.length + commits.length === 0;
}

export class ValueLists {
  readonly #tests: readonly Test[];
  readonly #engine: LinearEngine;

  constructor(lists: readonly ValueList[], engine: LinearEngine) {
    this.#tests = lists
      .filter(({ regexes, stopwords }) => regexes.length + stopwords.length > 0)
      .map((list) => ({ list, pattern: undefined }));
    this.#engine = engine;
  }

  get isEmpty(): boolean {
    return this.#tests.length === 0;
  }

  /** Whether a list of the rule's own configuration says that this is no finding of it. */
  drops(rule: string, texts: ListedTexts): boolean {
    return this.#tests.some(
      (test) => test.list.own.includes(rule) && isAboutValues(test.list) && this.#holds(test, rule, texts),
    );
  }

  /** Ids of the lists that the value is in. */
  reasons(rule: string, texts: ListedTexts): string[] {
    return this.#tests.filter((test) => this.#holds(test, rule, texts)).map(({ list }) => list.id);
  }

  #holds(test: Test, rule: string, texts: ListedTexts): boolean {
    const { rules, regexes, stopwords, condition } = test.list;
    if (rules.length > 0 && !rules.includes(rule)) return false;
    const hasWord = (): boolean => {
      const folded = texts.secret.toLowerCase();
      return stopwords.some((word) => folded.includes(word));
    };
    const hasMatch = (): boolean => this.#matches(test, texts);
    if (condition === 'or') return (stopwords.length > 0 && hasWord()) || (regexes.length > 0 && hasMatch());
    return (stopwords.length === 0 || hasWord()) && (regexes.length === 0 || hasMatch());
  }

  #matches(test: Test, texts: ListedTexts): boolean {
    test.pattern ??= test.list.regexes.map((regex) => `(?:${sourceOf(parseRe2(regex).root)})`).join('|');
    return this.#engine.program(test.pattern).test(texts[test.list.regexTarget]);
  }
}

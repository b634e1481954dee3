/** What corpus/build.mjs needs of the rules: a build entry, no part of the product. */
export { compileRules } from './compile.js';
export { renderExample } from './generate.js';
export { loadRuleSources } from './load.js';
export { makeRandom } from './random.js';

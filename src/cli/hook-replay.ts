/** What bench/hook-replay.mjs needs of the hook: a build entry, no part of the product. */
export { createAnalyzer } from '../detect/create-analyzer.js';
export { deriveKeys } from '../identity/hkdf-keys.js';
export { loadRuleSet } from '../rules/load-bundle.js';
export { Redactor } from '../scan/redactor.js';
export { sniffContainer } from '../sources/archives/sniff.js';
export { compileGlob } from '../sources/files/glob.js';
export { visitAdded } from './hook-added.js';
export { isRefused } from './hook-check.js';

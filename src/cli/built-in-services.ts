/** The services of the real product. Every import is made at the first call: see services.ts. */
import type { RunDeps, Services } from './services.js';

export const builtInServices: Services = {
  async openStore(options) {
    const { openStore } = await import('../store/open-store.js');
    return openStore(options);
  },
  async readKeyId(path) {
    const { readKeyId } = await import('../store/open-store.js');
    return readKeyId(path);
  },
  async targetRoot(path) {
    const { discoverGitStore } = await import('../sources/git/discover.js');
    return discoverGitStore(path)?.workTree ?? path;
  },
  async baselineFindings(header, exposure, locations, deps) {
    const { baselineFindings } = await import('../scan/baseline-entries.js');
    return baselineFindings(header, exposure, locations, deps);
  },
  async scan(options, deps) {
    const { scan } = await import('../scan/scan.js');
    return scan(options, deps);
  },
  async takeReport(rows, options, deps) {
    const { takeReport } = await import('../scan/reports/take-report.js');
    return takeReport(rows, options, deps);
  },
  async *locate(candidates, known, deps: RunDeps) {
    const { locateCandidates } = await import('../scan/locate.js');
    yield* locateCandidates(candidates, known, deps);
  },
  async *locateDeep(known, literals, deps, events) {
    const { locateDeep } = await import('../scan/locate-deep.js');
    yield* locateDeep(known, literals, deps, events);
  },
  async literalOf(value, keys) {
    const { literalOf } = await import('../detect/literal-search.js');
    return literalOf(value, keys);
  },
  async formsOf(value, keys) {
    const { formsOf } = await import('./value-forms.js');
    return formsOf(value, keys);
  },
  async loadRuleSet() {
    const { loadRuleSet } = await import('../rules/load-bundle.js');
    return loadRuleSet();
  },
  async checkRules(folder) {
    const { ruleFaults } = await import('./rule-check.js');
    return ruleFaults(folder);
  },
  async providerTable(cwd) {
    const { loadProviderTable } = await import('./provider-facts.js');
    return loadProviderTable(cwd);
  },
  async ownRules(cwd, configFile) {
    const { ownRules } = await import('./own-rule-check.js');
    return ownRules(cwd, configFile);
  },
  async checkOwnRules(own) {
    const { checkOwnRules } = await import('./own-rule-check.js');
    return checkOwnRules(own);
  },
  async tryRules(text, own) {
    const { tryOwnRules } = await import('./own-rule-check.js');
    return tryOwnRules(text, own);
  },
  async lookAtRoot(locator, system, mirrors) {
    const { lookAtRoot } = await import('./look-at-root.js');
    return lookAtRoot(locator, system, mirrors);
  },
  async refsReaching(locator, commits) {
    const { refsReaching } = await import('./look-at-root.js');
    return refsReaching(locator, commits);
  },
  async isTracked(workTree, path) {
    const { isTracked } = await import('./git-questions.js');
    return isTracked(workTree, path);
  },
  async hookFolder(cwd) {
    const { hookFolder } = await import('./git-questions.js');
    return hookFolder(cwd, process.env['HOME']);
  },
  async gitVersion() {
    const { gitVersionText } = await import('./git-questions.js');
    return gitVersionText();
  },
  async maskSecrets(text, given) {
    const { maskSecrets } = await import('../scan/mask-secrets.js');
    return maskSecrets(text, given);
  },
  async findSecrets(text, given) {
    const { findSecrets } = await import('../scan/find-secrets.js');
    return findSecrets(text, given);
  },
  async rotation(context, session, options) {
    const { openRotation } = await import('./rotation/open-rotation.js');
    return openRotation(context, session, options);
  },
  async dossier(store, exposure, imports, now, cwd, settings) {
    const { dossierOf } = await import('./dossiers.js');
    return dossierOf(store, exposure, await builtInServices.providerTable(cwd), now, imports, settings);
  },

  async reveal(location, deps) {
    const { revealLocation } = await import('../scan/reveal.js');
    return revealLocation(location, deps);
  },
};

/**
 * The import table of ARCHITECTURE.md as rules: one row a folder, what it may import besides itself.
 */
const table = {
  model: [],
  text: ['model'],
  rules: ['model'],
  store: ['model'],
  report: ['model'],
  identity: ['model', 'text'],
  prefilter: ['model', 'rules'],
  detect: ['model', 'rules', 'text', 'prefilter', 'identity'],
  sources: ['model', 'text', 'prefilter'],
  suppress: ['model', 'rules'],
  rotation: ['model', 'rules', 'store'],
  scan: ['model', 'text', 'rules', 'store', 'identity', 'prefilter', 'detect', 'sources', 'suppress'],
};

const onlyHere = {
  'better-sqlite3': '^src/store/',
  'simple-git': '^src/sources/git/',
  child_process: '^src/sources/git/',
  worker_threads: '^src/(scan/|cli/worker-start)',
};

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        path: '^src/',
        pathNot:
          '^src/(cli/bin|cli/hook|cli/hook-replay|cli/hook-start|cli/main-entry|cli/main-start|cli/exports-start|cli/worker-start|scan/worker|index|prefilter/build-bundle|rules/corpus)\\.ts$',
      },
      to: {},
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    ...Object.entries(table).map(([folder, allowed]) => ({
      name: `${folder}-imports`,
      comment: `src/${folder} may import ${allowed.length === 0 ? 'nothing' : allowed.join(', ')}; move the shared thing down, or pass it in.`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
    })),
    ...Object.entries(onlyHere).map(([name, folder]) => ({
      name: `only-here-${name}`,
      severity: 'error',
      from: { path: '^src/', pathNot: folder },
      to: { path: `^(node:)?${name}$|node_modules/${name}/` },
    })),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};

/**
 * Folders that hold other people's code or build output: skipped and counted, unless asked for.
 *
 * Not here on purpose: `.cargo`, `.bundle`, `.mvn`, `.yarn` and `.terraform` hold a user's own settings and
 * state, credentials among them.
 */

/** Names of package managers' and build tools' folders; each is skipped at any depth below the target. */
const names: ReadonlySet<string> = new Set([
  // JavaScript
  'node_modules',
  'bower_components',
  'jspm_packages',
  '.next',
  '.nuxt',
  '.svelte-kit',
  '.parcel-cache',
  '.turbo',
  '.pnpm-store',
  // Python
  'site-packages',
  '__pycache__',
  '.venv',
  'venv',
  '.tox',
  '.nox',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  // Go, PHP, Ruby
  'vendor',
  // JVM, Rust, .NET, native
  'build',
  'target',
  'dist',
  '.gradle',
  'Pods',
  'DerivedData',
  'cmake-build-debug',
  'cmake-build-release',
]);

export function isVendorTree(name: string): boolean {
  return names.has(name);
}

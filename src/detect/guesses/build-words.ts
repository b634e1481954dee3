/** A step of the build: `build-words <folder>` keeps what the estimator of weak passwords needs besides its code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { graphsFile, wordsFile } from './files.js';
import { packWordTable } from './word-table.js';

const [folder = 'dist/detect'] = process.argv.slice(2);
writeFileSync(join(folder, wordsFile), packWordTable(dictionary));
writeFileSync(join(folder, graphsFile), `${JSON.stringify(adjacencyGraphs)}\n`);

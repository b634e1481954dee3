/** What the build makes of the estimator of weak passwords, in `dist/detect/`. */
export const estimatorFile = 'guesses.cjs';
export const wordsFile = 'words.bin';
export const graphsFile = 'keyboards.json';

/**
 * Property tests draw the same cases in every run, so that a change is judged by what it does and not by its luck.
 * `SPRAWL_TEST_SEED=random` draws anew, a number draws that run again; a case that fails belongs in a test of its own.
 */
import fc from 'fast-check';

const wanted = process.env['SPRAWL_TEST_SEED'];
if (wanted !== 'random') fc.configureGlobal({ seed: wanted === undefined ? 20_261_122 : Number(wanted) });

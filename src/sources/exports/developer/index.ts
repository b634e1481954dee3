import type { ExportReader } from '../contract.js';
import { envFile } from './env-file.js';
import { har } from './har.js';
import { insomnia } from './insomnia.js';
import { jupyter } from './jupyter.js';
import { kubeconfig } from './kubeconfig.js';
import { postman } from './postman.js';
import { shellHistory } from './shell-history.js';
import { terraform } from './terraform.js';

export const readers: readonly ExportReader[] = [
  jupyter,
  har,
  postman,
  insomnia,
  terraform,
  kubeconfig,
  envFile,
  shellHistory,
];

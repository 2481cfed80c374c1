import {writeFile} from 'node:fs/promises';
import {generatedFiles} from './pages.ts';

for (const [path, text] of await generatedFiles()) await writeFile(path, text);

import {readFile} from 'node:fs/promises';
import type {Plugin} from 'vite';

/** Lets the page import WebAssembly in its text form: `import wasm from './x.wat'` is the module in base64. */
export const wat = (): Plugin => ({
  name: 'revideo-lambda:wat',
  async load(id) {
    if (!id.endsWith('.wat')) return null;
    return `export default ${JSON.stringify(await assemble(id))};`;
  },
});

/**
 * Assembles a module in text form.
 *
 * @returns the module in base64
 * @throws the assembler's own error, with file and line
 */
async function assemble(path: string): Promise<string> {
  const {default: openWabt} = await import('wabt');
  const wabt = await openWabt();
  const module = wabt.parseWat(path, await readFile(path, 'utf8'), {simd: true});
  try {
    module.validate();
    return Buffer.from(module.toBinary({}).buffer).toString('base64');
  } finally {
    module.destroy();
  }
}

import type {Plugin} from 'vite';

/** Names the file and the place of a mistake in JSON, which the bundler does not. */
export const json = (): Plugin => ({
  name: 'revideo-lambda:json',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('.json')) return;
    try {
      JSON.parse(code.replace(/^\uFEFF/, ''));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const [, position] = /at position (\d+)/.exec(message) ?? [];
      const before = code.slice(0, Number(position ?? 0)).split('\n');
      const loc = {file: id, line: before.length, column: before.at(-1)?.length ?? 0};
      this.error({message: message.replace(/ \(line \d+ column \d+\)$/, ''), id, loc});
    }
  },
});

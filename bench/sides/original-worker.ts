import {loadRevideo, revideoSettings} from './revideo-settings.ts';

/** One worker of the original flow: its own cut of the film, picture and sound. */
const [cache = '', work = '', workerId = '', numWorkers = ''] = process.argv.slice(2);
const {renderPartialVideo} = await loadRevideo();
const files = await renderPartialVideo({
  projectFile: './src/project.tsx',
  workerId: Number(workerId),
  numWorkers: Number(numWorkers),
  settings: await revideoSettings({cache, work, port: 21_000}),
});
// Everything Revideo prints goes there too; the result is the last line.
console.log(JSON.stringify(files));
process.exit();

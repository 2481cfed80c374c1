import {cut, openStudio, shuffle} from './exact.ts';

/** Prints a film's hashes as JSON: rendered by a process of its own, in `chunks` chunks, in some order. */
const [project = '', chunks = '1'] = process.argv.slice(2);
await using studio = openStudio(project);
const {frames} = await studio.plan();
process.stdout.write(JSON.stringify(await studio.hashes(shuffle(cut(frames, Number(chunks)), 3))));

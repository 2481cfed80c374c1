import {cut, openStage, shuffle} from './exact.ts';

/** Prints a film's hashes as JSON: rendered by a process of its own, in `chunks` chunks, in some order. */
const [project = '', chunks = '1'] = process.argv.slice(2);
await using stage = openStage(project);
const {frames} = await stage.plan();
process.stdout.write(JSON.stringify(await stage.hashes(shuffle(cut(frames, Number(chunks)), 3))));

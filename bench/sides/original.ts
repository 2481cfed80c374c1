import {symlink} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execaNode} from 'execa';
import pLimit from 'p-limit';
import {loadRevideo} from './revideo-settings.ts';

/** The original flow: a process with renderPartialVideo for each worker, two at a time, then concat and mux. */
const [cache = '', project = '', work = '', workers = ''] = process.argv.slice(2);
const numWorkers = Number(workers);
const worker = fileURLToPath(new URL('./original-worker.ts', import.meta.url));
const limit = pLimit(2);

// It looks for the sound's sources in `public` beside its output folder.
await symlink(join(project, 'public'), join(work, 'public'));
const parts = await Promise.all(
  Array.from({length: numWorkers}, (_, workerId) =>
    limit(async () => {
      const {stdout} = await execaNode(worker, [cache, work, String(workerId), workers], {
        cwd: project,
        env: {TMPDIR: work},
      });
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {audioFile: string; videoFile: string};
    }),
  ),
);

process.env.TMPDIR = work;
const {concatenateMedia, mergeAudioWithVideo} = await loadRevideo();
const [video, audio, film] = ['video.mp4', 'audio.wav', 'film.mp4'].map((name) => join(work, name)) as [
  string,
  string,
  string,
];
await Promise.all([
  concatenateMedia(
    parts.map(({videoFile}) => videoFile),
    video,
  ),
  concatenateMedia(
    parts.map(({audioFile}) => audioFile),
    audio,
  ),
]);
await mergeAudioWithVideo(audio, video, film);
console.log(JSON.stringify({film}));
process.exit();

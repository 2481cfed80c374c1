import {mkdirSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {Interrupt} from '../../../src/apps/cli/interrupt.ts';
import {type ResumeCommand, resume} from '../../../src/apps/cli/resume.ts';
import {compose} from '../../../src/apps/compose.ts';
import {readConfig} from '../../../src/apps/config.ts';
import {RenderError} from '../../../src/base/errors.ts';
import {noteRefusal} from '../../../src/job/refusal.ts';
import {claimRun, endRun, type LocalProject, readClaim} from '../../../src/job/runs/records.ts';
import {directoryStorage} from '../../../src/storage/directory/directory.ts';
import {storage as jobStorage, send, watched} from '../../support/jobs.ts';
import {scratch} from '../../support/processes.ts';

const {signal} = new AbortController();
const interrupt: Interrupt = {signal, stop: () => {}} as unknown as Interrupt;
let [folder, said] = ['', ''];
beforeEach(() => {
  folder = scratch();
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** A job that has failed, as it is kept in a folder. */
async function failedJob(local?: LocalProject, root = folder): Promise<void> {
  const place = {storage: directoryStorage({root}), jobId: 'X', signal};
  const request = {jobType: 'fullRender', jobId: 'X', numWorkers: 2};
  const claim = {owner: 'o', identity: {}, root: 1, handedOver: 0, request, ...(local && {local})};
  await claimRun(place, {number: 1, claim});
  const error = {errorType: 'SceneFailed', errorMessage: 'no'};
  await endRun(place, {number: 1, outcome: {state: 'failed', owner: 'o', error}});
}

const resumed = (options: Partial<ResumeCommand> = {}) =>
  resume('X', {storage: folder, ...options}, interrupt).catch((error: unknown) => error);

describe('resume', () => {
  // No project is in any of these folders: the error names the one that was looked in.
  const noProject = (where: string) => ({
    name: 'ProjectNotFound',
    message: expect.stringContaining(`${where} holds no Revideo project`),
  });

  it('goes on with the project that the job was begun with, from any folder', async () => {
    const project = scratch();
    await failedJob({project});
    expect(await resumed()).toMatchObject(noProject(project));
    expect(said).toContain(`Its project is ${project}, as the record of the job says.`);
  });

  it('takes another one where the command names it', async () => {
    const [project, other] = [scratch(), scratch()];
    await failedJob({project});
    expect(await resumed({project: other})).toMatchObject(noProject(other));
    expect(said).not.toContain('as the record of the job says');
  });

  it('of a project that is not there any more says which one, and what to do', async () => {
    const project = join(folder, 'gone');
    await failedJob({project});
    expect(await resumed()).toMatchObject({
      name: 'ProjectNotFound',
      message: `Job X was begun with the project ${project}, which is not there any more. Say where it is now: --project <path>.`,
    });
  });

  it('finds a job whose film was put elsewhere with --out', async () => {
    const [cache, project] = [scratch(), scratch()];
    vi.stubEnv('REVIDEO_CACHE', cache);
    mkdirSync(join(cache, 'storage'));
    await failedJob({project}, join(cache, 'storage'));
    expect(await resumed({storage: undefined})).toMatchObject(noProject(project));
  });

  it('of a job that never had a run says why', async () => {
    const refusal = {storage: directoryStorage({root: folder}), jobId: 'X', invocation: 'i-1'};
    await noteRefusal(refusal, new RenderError('BadEvent', 'quality is "x"'));
    expect(await resumed()).toMatchObject({
      name: 'JobUnknown',
      message: expect.stringMatching(/failed before \(BadEvent: quality is "x"\).*--event <file>/),
    });
  });
});

describe('a job', () => {
  it('of this machine keeps its project, and a conflict says which one it was', async () => {
    const local = {project: resolve('test/projects/shapes'), missingFonts: 'warn'} as const;
    await send({}, {}, {local});
    const place = {storage: jobStorage, jobId: 'film', signal};
    expect(await readClaim(place, 1)).toMatchObject({local});
    const renderer = {...watched(), fingerprint: async () => 'another project'};
    await expect(send({}, {renderer})).rejects.toThrow(
      `differs in project (another one now). To continue that job, render the project that it was begun with, ${local.project}, as it was then.`,
    );
  });

  it('of a bucket, or of a compiled project, has none', () => {
    const config = {...readConfig({}), bucket: undefined, directory: folder, project: 'test/projects/shapes'};
    const project = resolve('test/projects/shapes');
    expect(compose({...config, typeCheck: 'error'}).local).toEqual({project, typeCheck: 'error'});
    expect(compose({...config, bucket: 'films', directory: undefined}).local).toBeUndefined();
    expect(compose({...config, bundle: 'dist/project'}).local).toBeUndefined();
  });
});

import {execa} from 'execa';
import {RenderError} from '../src/base/errors.ts';

/**
 * Finds what builds images and pushes them for CDK: what `CDK_DOCKER` names, docker, or podman, as long as it works.
 *
 * @throws `ToolMissing` with what each of them said
 */
export async function findBuilder(): Promise<string> {
  const chosen = process.env.CDK_DOCKER;
  const said: string[] = [];
  for (const program of chosen ? [chosen] : ['docker', 'podman']) {
    const {failed, stderr, originalMessage} = await execa(program, ['info'], {
      reject: false,
      stdin: 'ignore',
    });
    if (!failed) return program;
    said.push(`${program}: ${(stderr || originalMessage || 'failed').trim().split('\n').at(-1)}`);
  }
  throw new RenderError(
    'ToolMissing',
    `Building the image takes docker or podman, and neither works here. ${said.join('; ')}`,
  );
}

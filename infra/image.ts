import {existsSync} from 'node:fs';
import {homedir} from 'node:os';
import {join, relative, resolve} from 'node:path';
import {aws_ecr_assets as assets, DockerBuildSecret, IgnoreMode, aws_lambda as lambda} from 'aws-cdk-lib';
import {openContext} from '../image/context.ts';
import {buildArguments, placeProject} from '../image/project.ts';
import {RenderError} from '../src/base/errors.ts';
import {PROJECT_FILES} from '../src/renderers/revideo/project.ts';
import {projectRoot} from '../src/renderers/revideo/project-root.ts';

/**
 * The function's image, built from `Dockerfile` on the base image when the stack is deployed.
 *
 * @param project its folder or project file, as a path from `root`
 * @param root what the image is built of: see `openContext`
 */
export function functionImage(project: string, root: string): lambda.DockerImageCode {
  if (!existsSync(join(root, project)))
    throw new RenderError(
      'BadSetting',
      `--project is ${JSON.stringify(project)}; there is no such folder or file.`,
    );
  const npmrc = join(homedir(), '.npmrc');
  return lambda.DockerImageCode.fromImageAsset(root, {
    file: 'Dockerfile',
    buildArgs: buildArguments(project, {root}),
    platform: assets.Platform.LINUX_AMD64,
    // The files that .dockerignore leaves in decide whether the image is built again: both images are made of
    // them.
    ignoreMode: IgnoreMode.DOCKER,
    // The base's identity beyond these files: a newer one of Lambda's is a reason to build again.
    ...(process.env.BASE_IMAGE_ID && {extraHash: process.env.BASE_IMAGE_ID}),
    // As npm run image has it.
    ...(existsSync(npmrc) && {buildSecrets: {npmrc: DockerBuildSecret.fromSrc(npmrc)}}),
    invalidation: {buildSecrets: false},
  });
}

/**
 * The image of a project in any folder, for a user's own CDK app. Its build context is removed when the app ends; CDK has
 * copied it then.
 *
 * @param project its folder or project file, as a path from the working directory
 */
export function projectImage(project: string): lambda.DockerImageCode {
  const {root, close} = openContext();
  process.once('exit', close);
  const path = resolve(project);
  if (!existsSync(path))
    throw new RenderError(
      'BadSetting',
      `project is ${JSON.stringify(project)}; there is no such folder or file.`,
    );
  const folder = /\.[cm]?[jt]sx?$/.test(path) ? projectRoot(path) : path;
  // The folder is copied as a whole: any other one may fill the disk.
  if (!['package.json', ...PROJECT_FILES].some((name) => existsSync(join(folder, name))))
    throw new RenderError(
      'BadSetting',
      `project is ${JSON.stringify(project)}; it must be the folder of a Revideo project, with a package.json or ${PROJECT_FILES[0]}, or a project file.`,
    );
  return functionImage(placeProject({folder, below: relative(folder, path)}, {root, project}), root);
}

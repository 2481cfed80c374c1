import {aws_lambda as lambda, Token} from 'aws-cdk-lib';
import {RenderError} from '../src/base/errors.ts';
import {shownValue} from '../src/base/shown-value.ts';
import type {RevideoRenderProps} from './revideo-render-props.ts';
import {readSettings, type Settings} from './settings.ts';

/** The properties that are lists: settings have them as one text, with commas between. */
const LISTS = ['corsOrigins', 'outputs'] as const;

/** Properties as the construct uses them. */
export interface ReadProps {
  settings: Settings;
  code: lambda.DockerImageCode | undefined;
  project: string | undefined;
}

/**
 * Checks the properties of a `RevideoRender`. Callers in JavaScript may pass anything.
 *
 * @throws `BadSetting` that names the property, its value and the allowed values
 */
export function readProps(props: RevideoRenderProps): ReadProps {
  if (typeof props !== 'object' || props === null || Array.isArray(props))
    throw bad(`The properties are ${shownValue(props)}; they must be an object such as {memory: 4096}.`);
  for (const [name, value] of Object.entries(props)) {
    // Settings are checked, and become names and rights, before a deployment.
    if (Token.isUnresolved(value) || (Array.isArray(value) && value.some((item) => Token.isUnresolved(item))))
      throw bad(
        `${name} is a CDK token, a value that only the deployment knows; it must be a value of your program. Only the values of env may be tokens.`,
      );
  }
  const {project, code, ...others} = props;
  if (project !== undefined && (typeof project !== 'string' || project.trim() === ''))
    throw bad(`project is ${shownValue(project)}; it must be the path of a folder or of a project file.`);
  if (code !== undefined && !isImage(code))
    throw bad(`code is ${shownValue(code)}; it must be a DockerImageCode of aws-cdk-lib/aws-lambda.`);
  if (project !== undefined && code !== undefined)
    throw bad(`project is ${shownValue(project)} beside code; it must be left out, or code must be.`);
  const settings = readSettings({...others, ...asTexts(others)}, {label: (name) => name});
  return {settings, code, project};
}

const bad = (message: string): RenderError => new RenderError('BadSetting', message);

/** An image of CDK's, also of another copy of CDK. */
const isImage = (code: unknown): boolean =>
  code instanceof lambda.DockerImageCode ||
  (typeof code === 'object' && code !== null && typeof Reflect.get(code, '_bind') === 'function');

/** The lists as texts; an empty one is left out. */
function asTexts(props: Readonly<Record<string, unknown>>): Record<string, string | undefined> {
  const given = LISTS.filter((name) => props[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => {
      const list: unknown = props[name];
      if (!Array.isArray(list)) throw bad(`${name} is ${shownValue(list)}; it must be a list of texts.`);
      for (const item of list)
        if (typeof item !== 'string' || item === '' || item.includes(','))
          throw bad(`${name} holds ${shownValue(item)}; it must be a list of texts without commas.`);
      return [name, list.length > 0 ? list.join(',') : undefined];
    }),
  );
}

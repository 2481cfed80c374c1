import {applyEdits, findNodeAtLocation, modify, type ParseError, parseTree} from 'jsonc-parser';
import {RenderError} from '../../base/errors.ts';

/** The state of a file or a script: it is new, it was there already, or it is the project's own and stays. */
export type State = 'added' | 'there' | 'kept';

/** A manifest with scripts added, and the state of each script. */
export interface AddedScripts {
  text: string;
  states: Record<string, State>;
}

/**
 * Adds scripts to the text of a package.json, and leaves every other character of it as it is. A script that exists stays.
 *
 * @throws `BadSetting` for a text that is no JSON object
 */
export function addScripts(
  text: string,
  {file, scripts}: {file: string; scripts: Readonly<Record<string, string>>},
): AddedScripts {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors);
  const old = root && findNodeAtLocation(root, ['scripts']);
  if (errors.length > 0 || root?.type !== 'object' || (old && old.type !== 'object'))
    throw new RenderError('BadSetting', `${file} is no package.json that npm could read. Mend it first.`);
  const [, indent = '  '] = /^\{\r?\n([ \t]+)"/.exec(text) ?? [];
  const formattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  const states: Record<string, State> = {};
  let next = text;
  for (const [name, command] of Object.entries(scripts)) {
    const there = root && findNodeAtLocation(root, ['scripts', name]);
    states[name] = there ? (there.value === command ? 'there' : 'kept') : 'added';
    if (!there) next = applyEdits(next, modify(next, ['scripts', name], command, {formattingOptions}));
  }
  return {text: next, states};
}

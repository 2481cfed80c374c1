import {readFile, stat} from 'node:fs/promises';
import {relative} from 'node:path';
import {Border} from '../../base/network/border.ts';
import {projectFiles} from '../../renderers/revideo/files.ts';
import {findProject} from '../../renderers/revideo/project.ts';
import {type Check, tryOut} from '../check/check.ts';
import {readConfig} from '../config.ts';

/** Sources, and what sources import. */
const SOURCES = /\.(?:[cm]?[jt]sx?|css|json|html)$/;
/** Bytes of a file beyond which it was not written by hand. */
const LONGEST = 1_000_000;
/** Addresses that are shown. */
const SHOWN = 5;

/** The scheme and host of an address in a source, up to where neither can go on. */
const ADDRESS = /\b(?:https?|wss?):\/\/(\[[0-9a-f:.]{2,45}\]|[\w.-]{1,253})(?::(\d{1,5}))?/gi;

/**
 * Looks through a project's sources for addresses of this machine and of private networks that
 * `REVIDEO_PRIVATE_HOSTS` does not name: a film may not reach them. An address that is put together is not found.
 */
export const privateAddresses = (project: string): Promise<Check> =>
  tryOut({
    name: 'private addresses',
    work: async () => {
      const {folder} = await findProject(project);
      const border = new Border({privateHosts: readConfig().privateHosts, runtimeApi: undefined});
      const found = new Map<string, string>();
      for (const file of (await projectFiles(folder)).filter((name) => SOURCES.test(name))) {
        if ((await stat(file)).size > LONGEST) continue;
        const lines = (await readFile(file, 'utf8')).split('\n');
        for (const [index, line] of lines.entries()) {
          for (const host of refusedHosts(line, border))
            if (!found.has(host)) found.set(host, `${host} (${relative(folder, file)}:${index + 1})`);
        }
      }
      if (found.size === 0) return `every address in ${project} is one that a film may reach`;
      const places = [...found.values()].slice(0, SHOWN).join(', ');
      return {
        state: 'warning',
        detail: `${project} names ${places}${found.size > SHOWN ? ', …' : ''}`,
        mend: `A film may not reach these hosts. If it is to, set REVIDEO_PRIVATE_HOSTS=${[...found.keys()].join(',')}; a function reaches them only over a network of its own.`,
      };
    },
  });

/** `host:port` of each address in a line that would be refused. */
function refusedHosts(line: string, border: Border): string[] {
  return [...line.matchAll(ADDRESS)].flatMap(([address, host = '', given]) => {
    const port = Number(given ?? (/^(https|wss)/i.test(address) ? 443 : 80));
    const refused = border.literalRefusal({host: host.replace(/^\[|\]$/g, ''), port});
    return refused ? [given ? `${host}:${given}` : host] : [];
  });
}

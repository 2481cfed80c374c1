import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {type ServedFolders, servedFile} from '../../../src/renderers/revideo/public-file.ts';
import {folderOf} from '../../support/compiled.ts';

describe('A file that is named by its path', () => {
  const folders = (): ServedFolders => {
    const project = folderOf({
      ...{
        'public/both.png': '',
        'both.png': '',
        'src/logo.png': '',
        'src/project.tsx': '',
        'secret.json': '',
      },
      ...{
        '.hidden/logo.png': '',
        '.logo.png': '',
        'built/files/src/logo.png': '',
        'built/files/data.json': '',
        'output/voice.mp3': '',
        'src/output/voice.mp3': '',
        'node_modules/kit/logo.png': '',
      },
    });
    return {
      publicFolder: join(project, 'public'),
      importedFolder: join(project, 'built/files'),
      projectFolder: project,
    };
  };
  const find = async (address: string) => {
    const served = folders();
    const {path} = await servedFile(address, served);
    return path.slice(String(served.projectFolder).length + 1);
  };

  it.each([
    ['/both.png', 'public/both.png'],
    ['both.png?v=1#x', 'public/both.png'],
    ['/src/logo.png', 'built/files/src/logo.png'],
    ['/data.json', 'built/files/data.json'],
    ['/public/both.png', 'public/both.png'],
    ['/src/output/voice.mp3', 'src/output/voice.mp3'],
  ])('%s is %s', async (address, path) => {
    expect(await find(address)).toBe(path);
  });

  it.each([
    '/src/project.tsx',
    '/secret.json',
    '/.logo.png',
    '/.hidden/logo.png',
    '/../both.png',
    '/src',
    '//host/a.png',
  ])('%s is none: only media are served', async (address) => {
    await expect(find(address)).rejects.toMatchObject({name: 'MediaFailed'});
  });

  it.each([
    ['/output/voice.mp3', 'output/'],
    ['/node_modules/kit/logo.png', 'node_modules/'],
  ])('%s is none: it is no part of the project, and the error says so', async (address, folder) => {
    await expect(find(address)).rejects.toMatchObject({
      name: 'MediaFailed',
      message: `${address} cannot be read: files of ${folder} have no address. Put it into public/, or import it.`,
    });
  });
});

import {instance} from '@viz-js/viz';

/**
 * A diagram as SVG, from text in the language of Graphviz. The same text and version always give the same bytes.
 *
 * @throws if the text is no graph
 */
export async function diagram(dot: string): Promise<string> {
  const svg = (await instance()).renderString(dot, {format: 'svg', engine: 'dot'});
  return `${svg.trimEnd()}\n`;
}

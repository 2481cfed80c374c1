/** Of the same name as another class: a bundler renames one. */
export class Badge {}
export default class {}
export const arrow = () => 1;

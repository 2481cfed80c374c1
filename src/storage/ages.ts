/** Days that objects are kept, by how their keys begin; a bucket's lifecycle rules say the same. All others stay for ever. */
export const AGES = {'chunks/': 1, 'jobs/': 30} as const;

/** The names of a stack's outputs. */
export const OUTPUTS = {bucket: 'BucketName', function: 'FunctionName'} as const;

/** Physical names. They are the identity of what is live: one that changes here replaces a resource. */
export interface Names {
  readonly table: string;
  readonly bucket: string;
  /** The function, its role and the role's policy carry one name. */
  readonly function: string;
  readonly logGroup: string;
  readonly failedQueue: string;
  readonly originAccessControl: string;
}

export const namesFor = (name: string): Names => ({
  table: name,
  bucket: `${name}-audio`,
  function: `${name}-speak`,
  logGroup: `/aws/lambda/${name}-speak`,
  failedQueue: `${name}-failed`,
  originAccessControl: `${name}-audio`,
});

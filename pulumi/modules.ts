/** The modules in the order in which they move: consumers first, so that Terraform never needs what it gave away. */
export const MODULES = ["delivery", "speech", "storage"] as const;

export type ModuleName = (typeof MODULES)[number];

/** Whether a list is one of [], [delivery], [delivery, speech], [delivery, speech, storage]. */
export const isInOrder = (modules: readonly unknown[]): modules is readonly ModuleName[] =>
  modules.length <= MODULES.length && modules.every((module, index) => module === MODULES[index]);

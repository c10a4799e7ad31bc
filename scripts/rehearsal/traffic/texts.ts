const LISTS = [
  "The parcel is here.|The letter is late.|The order has left.|The train has come.|The ferry waits.|Your guest rang.|Your car is ready.|Your table is free.",
  "Platform one.|Platform two.|Gate three.|Gate four.|Door five.|Desk six.|Pier seven.|Room eight.",
  "Thank you.|Please wait.|Please hurry.|Good morning.|Good night.|Take care.|Mind the step.|Ask at the desk.",
  "Once more.|At last.|As planned.|Right now.|Until noon.|By tonight.|For today.|From now on.",
].map((list) => list.split("|"));

/** Every sentence that a request may hold, for a Polly that wants to have said them before. */
export const SENTENCES: readonly string[] = LISTS.flat();

/** How many texts there are before they grow by one sentence. */
export const DISTINCT = LISTS.reduce((product, list) => product * list.length, 1);

/**
 * The text of the n-th request: another one for each n. It is put together from few sentences that come again, since the
 * local Polly remembers how it spoke a sentence: so its work does not compete with the migration for the processors.
 */
export const textOf = (n: number): string => {
  let rest = n;
  const sentences: string[] = [];
  const next = (list: readonly string[]): void => {
    sentences.push(list[rest % list.length] ?? "");
    rest = Math.floor(rest / list.length);
  };
  for (const list of LISTS) next(list);
  // A zero would add nothing that tells this text from a shorter one, so what is left is counted from one.
  for (rest -= 1; rest >= 0; rest -= 1) next(LISTS[0] ?? []);
  return sentences.join(" ");
};

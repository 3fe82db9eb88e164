/** Why an edit can't be made safely, in a sentence for the user. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** @throws Refusal */
export function refuse(reason: string): never {
  throw new Refusal(reason);
}

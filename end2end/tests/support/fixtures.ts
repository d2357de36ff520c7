// Fixtures of all stories: a server of their own, and actors.
import { test as base } from '@playwright/test';

import { Person, type PersonOptions } from './person';
import { Madang } from './server';

interface Fixtures {
  madang: Madang;
  /** Someone with a browser of their own, who has joined under this name unless the options say otherwise. */
  newPerson: (name: string, options?: PersonOptions) => Promise<Person>;
}

export const test = base.extend<Fixtures>({
  madang: async ({}, use, info) => {
    const madang = await Madang.started();
    await use(madang);
    await madang.dispose();
    if (info.status !== info.expectedStatus) await info.attach('server log', { body: madang.said });
  },
  newPerson: async ({ browser, madang }, use) => {
    const people: Person[] = [];
    await use(async (name, options) => {
      const person = await Person.arrive(browser, madang, name, options);
      people.push(person);
      return person;
    });
    for (const person of people) await person.context.close();
    for (const person of people) person.expectNoComplaints();
  },
});

export { expect } from '@playwright/test';
export type { Person } from './person';

// Fixtures of the learn tests: a server of their own, and visitors.
import { test as base } from '../../support/fixtures';
import { Learner, type LearnerOptions, type Slug } from './learner';

interface Fixtures {
  /** Someone on the page of a note, or on the list of all. */
  newLearner: (slug?: Slug, options?: LearnerOptions) => Promise<Learner>;
}

export const test = base.extend<Fixtures>({
  newLearner: async ({ browser, madang }, use) => {
    const learners: Learner[] = [];
    await use(async (slug, options) => {
      const learner = await Learner.open(browser, madang, slug, options);
      learners.push(learner);
      return learner;
    });
    for (const learner of learners) await learner.context.close();
    for (const learner of learners) learner.expectNoComplaints();
  },
});

export { expect } from '@playwright/test';
export type { Learner } from './learner';

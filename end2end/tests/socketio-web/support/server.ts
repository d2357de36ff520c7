// The interface of a test server, which can be stopped and restarted.
import type { Page } from '@playwright/test';

export interface ServerUnderTest {
  readonly name: string;
  /** Where it listens; stays the same over `stop` and `start`. */
  readonly origin: string;
  start(): Promise<void>;
  /** Goes away without a farewell. */
  stop(): Promise<void>;
  /** Lets the page in, where the server wants that. */
  admit(page: Page): Promise<void>;
}

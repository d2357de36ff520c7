// Someone whose browser is listened to: what it complains about fails the test, unless the test has said that it may.
import { expect, type Page } from '@playwright/test';

export abstract class Complainer {
  private readonly complaints: string[] = [];
  private readonly expected: RegExp[] = [];

  protected constructor(private readonly browser: string) {}

  /** Says that the test makes the browser complain in this way. */
  mayComplain(about: RegExp): void {
    this.expected.push(about);
  }

  /** That a server which is away makes the browser log each attempt. */
  mayLoseTheServer(): void {
    this.mayComplain(/ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED|WebSocket connection to/);
  }

  /** Fails on errors and warnings that no test has asked for, such as those of a hydration gone wrong. */
  expectNoComplaints(): void {
    const unexpected = this.complaints.filter((text) => !this.expected.some((about) => about.test(text)));
    expect(unexpected, `what ${this.browser} complained about`).toEqual([]);
  }

  protected listen(page: Page): void {
    page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
  }
}

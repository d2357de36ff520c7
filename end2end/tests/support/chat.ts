// Madang's pages as a person uses them. Ids and data attributes are the page's contract with these tests; texts are
// English unless a test asks for another language.
import { expect, type Locator, type Page } from '@playwright/test';

/** The page that asks for a name. */
export class JoinPage {
  readonly name: Locator;
  readonly button: Locator;
  /** What is wrong with the name, beside the field. */
  readonly refusal: Locator;

  constructor(readonly page: Page) {
    this.name = page.locator('input[name="name"]');
    this.button = page.locator('form[action="/join"] button');
    this.refusal = page.locator('#name-error');
  }

  async open(origin: string): Promise<void> {
    await this.page.goto(`${origin}/`);
  }

  async join(name: string): Promise<void> {
    await this.name.fill(name);
    await this.button.click();
  }
}

/** A room's page, with the room list at its side. */
export class RoomPage {
  readonly timeline: Locator;
  readonly rows: Locator;
  readonly composer: Locator;
  readonly send: Locator;
  readonly pill: Locator;
  readonly typing: Locator;
  readonly banner: Locator;
  /** Whether all of the room is here; pressed, it compares it with the server's. */
  readonly progress: Locator;
  /** What of that is read out. */
  readonly progressSaid: Locator;
  readonly announcer: Locator;
  readonly rooms: Locator;
  readonly members: Locator;
  readonly joinRoom: Locator;
  /** The text box of a message that is being edited. */
  readonly editor: Locator;
  /** The button that opens the list of rooms on a phone. */
  readonly openRooms: Locator;

  constructor(readonly page: Page) {
    this.timeline = page.locator('#timeline');
    this.rows = page.locator('#timeline article.message');
    this.composer = page.locator('#composer textarea');
    this.send = page.locator('#composer button[type="submit"]');
    this.pill = page.locator('#pill');
    this.typing = page.locator('#typing');
    this.banner = page.locator('#link-banner');
    this.progress = page.locator('#progress');
    this.progressSaid = page.locator('#progress-said');
    this.announcer = page.locator('#announcer');
    this.rooms = page.locator('nav#rooms');
    this.members = page.locator('aside#members');
    this.joinRoom = page.locator('#join-room');
    this.editor = page.locator('#timeline .editor textarea');
    this.openRooms = page.locator('#open-rooms');
  }

  async open(origin: string, slug = 'lobby'): Promise<void> {
    await this.page.goto(`${origin}/r/${slug}`);
  }

  /** Waits until Wasm has taken over and the link is up. */
  async live(): Promise<void> {
    await expect(this.page.locator('body')).toHaveAttribute('data-live', 'true');
  }

  /** Opens the lobby again and again until the composer has this draft: what is typed comes to the disk in its own time. */
  async openWithDraft(origin: string, draft: string): Promise<void> {
    await expect(async () => {
      await this.open(origin);
      await this.live();
      await expect(this.composer).toHaveValue(draft, { timeout: 1_000 });
    }).toPass();
  }

  /** Types a message and presses Enter. */
  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** The rows whose text is exactly this. */
  row(text: string): Locator {
    const exactly = new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
    return this.rows.filter({ has: this.page.locator('.text', { hasText: exactly }) });
  }

  /** Says it and waits until the server has it. */
  async saySettled(text: string): Promise<void> {
    await this.say(text);
    await expect(this.row(text)).toHaveAttribute('data-state', 'settled');
  }

  /** A row's button. They show on hover or focus. */
  async act(row: Locator, button: string): Promise<void> {
    await row.hover();
    await row.getByRole('button', { name: button, exact: true }).click();
  }

  /** Begins to edit one's own message. */
  async edit(text: string): Promise<void> {
    await this.act(this.row(text), 'Edit');
    await expect(this.editor).toBeFocused();
  }

  /** Deletes one's own message, and confirms that it is meant. */
  async delete(row: Locator): Promise<void> {
    await this.act(row, 'Delete');
    await this.page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  }

  roomLink(slug: string): Locator {
    return this.rooms.locator(`a[href="/r/${slug}"]`);
  }

  unread(slug: string): Locator {
    return this.roomLink(slug).locator('.unread');
  }

  member(name: string): Locator {
    return this.members.locator('li[data-user]').filter({ hasText: name });
  }

  /** Makes a room by the form, and ends on its page. */
  async create(origin: string, name: string, topic = ''): Promise<void> {
    await this.page.goto(`${origin}/rooms/new`);
    await this.page.locator('input[name="name"]').fill(name);
    await this.page.locator('[name="topic"]').fill(topic);
    await this.page.locator('form[action="/rooms"] button').click();
    await expect(this.page.getByRole('heading', { level: 1, name })).toBeVisible();
  }

  /** How far the reader is from the newest message, in pixels. */
  async distanceFromBottom(): Promise<number> {
    return this.timeline.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);
  }

  async expectAtBottom(): Promise<void> {
    await expect.poll(() => this.distanceFromBottom()).toBeLessThanOrEqual(2);
  }
}

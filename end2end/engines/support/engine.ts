// The interface of a browser engine: one window, and as little of it as a story needs.

/** A window that can be looked into, typed into and clicked. */
export interface Engine {
  /** Goes to an address and waits until its document is there. */
  open(url: string): Promise<void>;
  /** Evaluates a JavaScript expression in the page, a promise of a string. */
  evaluate(expression: string): Promise<string>;
  /** Carries out WebDriver's actions (WebDriver, section 15): keys and clicks as a person's. */
  perform(actions: InputSource[]): Promise<void>;
  /** Ends the browser. */
  close(): Promise<void>;
}

/** How an engine comes to be. */
export interface Launcher {
  name: string;
  launch(): Promise<Engine>;
}

export type InputSource =
  | { type: 'key'; id: string; actions: { type: 'keyDown' | 'keyUp'; value: string }[] }
  | { type: 'pointer'; id: string; parameters: { pointerType: 'mouse' }; actions: PointerAction[] };

export type PointerAction =
  | { type: 'pointerMove'; x: number; y: number; duration: number }
  | { type: 'pointerDown' | 'pointerUp'; button: 0 };

/** Keys that write no character (WebDriver, section 15.4.2). */
export const KEYS = { Enter: '\uE007', End: '\uE010' } as const;

/** The keys that write a text. */
export function keys(text: string): InputSource {
  const actions = [...text].flatMap((value) => [
    { type: 'keyDown' as const, value },
    { type: 'keyUp' as const, value },
  ]);
  return { type: 'key', id: 'keyboard', actions };
}

/** Moving the pointer to a place, and clicking there. */
export function pointer(x: number, y: number, click: boolean): InputSource {
  const press: PointerAction[] = [
    { type: 'pointerDown', button: 0 },
    { type: 'pointerUp', button: 0 },
  ];
  const move: PointerAction = { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 };
  return {
    type: 'pointer',
    id: 'mouse',
    parameters: { pointerType: 'mouse' },
    actions: click ? [move, ...press] : [move],
  };
}

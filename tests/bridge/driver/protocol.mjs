/** Commands and events over a WebSocket, as Chromium's protocol and WebDriver BiDi both have them. */

/** Seconds that a browser may take for a command. */
const TIMEOUT = 30;

export class Protocol {
  #socket;
  #last = 0;
  #pending = new Map();
  #onEvent;

  constructor(socket, onEvent) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.addEventListener("message", ({ data }) => this.#receive(JSON.parse(data)));
    socket.addEventListener("close", () => this.#failAll("the browser closed the connection"));
  }

  /** Connects; `onEvent(method, params)` is called for each event. */
  static async connect(url, onEvent) {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error(`cannot connect to ${url}`)));
    });
    return new Protocol(socket, onEvent);
  }

  /** Sends a command; `more` goes beside its parameters. Resolves to the result. */
  send(method, params = {}, more = {}) {
    this.#last += 1;
    const id = this.#last;
    const { promise, resolve, reject } = Promise.withResolvers();
    const late = () => reject(new Error(`${method}: no answer after ${TIMEOUT} s`));
    const timer = setTimeout(late, TIMEOUT * 1000);
    this.#pending.set(id, { resolve, reject });
    this.#socket.send(JSON.stringify({ id, method, params, ...more }));
    return promise.finally(() => clearTimeout(timer));
  }

  close() {
    this.#socket.close();
  }

  #receive(message) {
    const waiting = this.#pending.get(message.id);
    if (waiting === undefined) {
      this.#onEvent(message.method, message.params ?? {});
      return;
    }
    this.#pending.delete(message.id);
    if (message.error) {
      const text = message.message ?? message.error.message ?? JSON.stringify(message.error);
      waiting.reject(new Error(text));
    } else {
      waiting.resolve(message.result);
    }
  }

  #failAll(reason) {
    for (const { reject } of this.#pending.values()) {
      reject(new Error(reason));
    }
    this.#pending.clear();
  }
}

// @ts-check
/** The one socket to the service: opened again when it closes, and watched, for a word comes each three seconds. */

const SILENCE = 10_000; // ms without a word, and the service is gone
const CLOSED = 3_000; // ms that a closed socket may take to open again

export class Socket {
  /** @type {WebSocket | null} */
  #socket = null;
  #heard = performance.now();
  #closed = 0; // when the socket closed; 0 while words come
  #pause = 500;
  #ears;

  /** @param {{heard: (message: any) => void, closed: () => void, gone: (gone: boolean) => void}} ears */
  constructor(ears) {
    this.#ears = ears;
    this.#open();
    setInterval(() => this.#watch(), 500);
    document.addEventListener("visibilitychange", () => this.#watch());
  }

  /** Sends a message or a frame; false when nobody is there. @param {object | Uint8Array<ArrayBuffer>} message */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(message instanceof Uint8Array ? message : JSON.stringify(message));
    return true;
  }

  #open() {
    this.#socket = new WebSocket(`ws${location.protocol.slice(4)}//${location.host}/ws`);
    this.#socket.onmessage = ({ data }) => {
      this.#heard = performance.now();
      this.#closed = 0;
      this.#pause = 500;
      this.#ears.gone(false);
      this.#ears.heard(JSON.parse(data));
    };
    this.#socket.onclose = () => {
      this.#closed ||= performance.now();
      this.#ears.closed();
      setTimeout(() => this.#open(), this.#pause);
      this.#pause = Math.min(this.#pause * 2, 5000);
    };
  }

  #watch() {
    const silent = performance.now() - this.#heard > SILENCE;
    if (silent || (this.#closed && performance.now() - this.#closed > CLOSED)) this.#ears.gone(true);
    if (!silent || this.#closed) return;
    this.#closed = performance.now(); // and another socket is tried
    this.#socket?.close();
  }
}

// @ts-check
/** The one socket to the service: opened again when it closes, and watched, for words come each second. */
const SILENCE = 10_000; // ms without a word, and the service is gone
const CLOSED = 3_000; // ms that a closed socket may take to open again
let socket = /** @type {WebSocket | null} */ (null);

/** Sends a message or a frame; false when nobody is there. @param {object | Uint8Array<ArrayBuffer>} what */
export function send(what) {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(what instanceof Uint8Array ? what : JSON.stringify(what));
  return true;
}

/** Opens the socket for good, and says what is heard, that it closed, and whether the service is gone.
 * @param {{heard: (message: any) => void, closed: () => void, gone: (gone: boolean) => void}} ears */
export function connect({ heard, closed, gone }) {
  let [heardAt, closedAt, tries] = [performance.now(), 0, 0]; // closedAt: 0 while words come
  const open = () => {
    socket = new WebSocket(`ws${location.protocol.slice(4)}//${location.host}/ws`);
    socket.onmessage = ({ data }) => {
      [heardAt, closedAt, tries] = [performance.now(), 0, 0];
      gone(false);
      heard(JSON.parse(data));
    };
    socket.onclose = () => {
      closedAt ||= performance.now();
      closed();
      setTimeout(open, Math.min(500 * 2 ** tries++, 5000));
    };
  };
  const watch = () => {
    const now = performance.now();
    const silent = now - heardAt > SILENCE;
    if (silent || (closedAt && now - closedAt > CLOSED)) gone(true);
    if (!silent || closedAt) return;
    closedAt = now;
    socket?.close(); // and another one is tried
  };
  open();
  setInterval(watch, 500);
}

// @ts-check
/** The camera: its picture in small, and frames in grey to the service. The next frame goes when the one
 * before was answered, so that the service gets as many as it keeps up with. */
import { send } from "./socket.js";
import { dialog } from "./supervisor.js";
import { element, put, words } from "./words.js";

const PACE = 1000 / 15; // ms between two frames, at least
const LARGE = 500_000; // from so many pixels on, a pixel has 4 bits
const WIDEST = 1280;
const AGAIN = 2000; // ms until a camera that went away is looked for again
const BEST = { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: { ideal: "environment" } };
const SHARP = /** @type {object} */ ({ focusMode: "continuous" }); // which no type has yet
/** What is wrong, by the name of the browser's error. @type {Record<string, string>} */
const FAULTS = { NotAllowedError: "Denied", NotReadableError: "Busy" };

const video = /** @type {HTMLVideoElement} */ (element("preview"));
const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
let [on, opening, asked] = [false, false, false]; // asked: a frame is with the service
let [sentAt, count] = [0, 0];
navigator.mediaDevices?.addEventListener("devicechange", () => open());

/** The service has answered the last frame, or never will. */
export const answered = () => void (asked = false);

/** Switches the camera on or off, or to the other. */
export function turn(way = !on) {
  on = way;
  return on ? open() : close("IsOff");
}

async function open() {
  if (!on || opening || video.srcObject) return;
  opening = true;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { ...BEST, advanced: [SHARP] } });
    stream.getVideoTracks()[0].onended = () => close("Lost");
    video.srcObject = stream;
    await video.play();
    says("Runs");
    look(stream);
    if (!on) close("IsOff");
  } catch (error) {
    close(FAULTS[/** @type {Error} */ (error).name] ?? "None");
  }
  opening = false;
}

function close(why = "") {
  const stream = /** @type {MediaStream | null} */ (video.srcObject);
  stream?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
  says(why);
  if (why === "Lost" || why === "Busy") setTimeout(open, AGAIN);
}

function says(state = "") {
  put(element("camera-says"), words[`camera${state}`]);
  element("camera").dataset.camera = state;
  put(element("camera-switch"), on ? words.cameraOff : words.cameraOn);
}

/** Sends a frame whenever the camera has one and the service none. @param {MediaStream} stream */
function look(stream) {
  if (video.srcObject !== stream) return;
  const free = !asked && !document.hidden && !dialog.open && performance.now() - sentAt > PACE - 5;
  if (free && pen && video.videoWidth) {
    const shrink = Math.min(1, WIDEST / video.videoWidth);
    const width = Math.floor((video.videoWidth * shrink) / 2) * 2;
    const height = Math.floor(video.videoHeight * shrink);
    const { canvas } = pen;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    pen.drawImage(video, 0, 0, width, height);
    sentAt = performance.now();
    asked = send(pack(pen.getImageData(0, 0, width, height), count++ % 3 === 2));
  }
  if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(() => look(stream));
  else setTimeout(look, PACE, stream);
}

/** A frame as the service takes it: bits a pixel, flags, width, height, rows of grey.
 * @param {{data: ArrayLike<number>, width: number, height: number}} image */
export function pack({ data, width, height }, enlarge = false) {
  const bits = width * height < LARGE ? 8 : 4;
  const frame = new Uint8Array(6 + (width * height * bits) / 8);
  frame.set([bits, enlarge ? 1 : 0, width & 255, width >> 8, height & 255, height >> 8]);
  const grey = (i = 0) => (data[i] * 77 + data[i + 1] * 150 + data[i + 2] * 29) >> 8;
  for (let at = 6, i = 0; at < frame.length; at++, i += 32 / bits)
    frame[at] = bits === 8 ? grey(i) : (grey(i) & 240) | (grey(i + 4) >> 4);
  return frame;
}

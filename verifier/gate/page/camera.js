// @ts-check
/**
 * The camera: its picture in small, and frames in grey to the service. The next frame goes when the one before
 * was answered, so that the service gets as many as it keeps up with.
 */
import { element, put, words } from "./words.js";

const PACE = 1000 / 15; // ms between two frames, at least
const LARGE = 500_000; // from so many pixels on, a pixel has 4 bits
const WIDEST = 1280;
const AGAIN = 2000; // ms until a camera that went away is looked for again
const BEST = { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: { ideal: "environment" } };
/** What is wrong, by the name of the browser's error. @type {Record<string, string>} */
const FAULTS = { NotAllowedError: "Denied", NotReadableError: "Busy" };

export class Camera {
  #video = /** @type {HTMLVideoElement} */ (element("preview"));
  #pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  #on = true;
  #opening = false;
  #asked = false; // a frame is with the service
  #sent = 0; // when it was sent
  #count = 0;
  #send;
  #paused;

  /** @param {(frame: Uint8Array<ArrayBuffer>) => boolean} send @param {() => boolean} paused */
  constructor(send, paused) {
    this.#send = send;
    this.#paused = paused;
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#open());
    this.#open();
  }

  /** The service has answered the last frame, or never will. */
  answered() {
    this.#asked = false;
  }

  /** On or off, as the guard pressed. */
  toggle() {
    this.#on = !this.#on;
    if (this.#on) this.#open();
    else this.#close("IsOff");
  }

  async #open() {
    if (!this.#on || this.#opening || this.#video.srcObject) return;
    this.#opening = true;
    this.#says("Starts");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: BEST, audio: false });
      const [track] = stream.getVideoTracks();
      track.onended = () => this.#close("Lost");
      const sharp = /** @type {object} */ ({ ...BEST, advanced: [{ focusMode: "continuous" }] }); // in no type yet
      await track.applyConstraints(sharp).catch(() => undefined);
      this.#video.srcObject = stream;
      await this.#video.play();
      this.#says("Runs");
      this.#wait(stream);
      if (!this.#on) this.#close("IsOff");
    } catch (error) {
      this.#close(FAULTS[/** @type {Error} */ (error).name] ?? "None");
    }
    this.#opening = false;
  }

  /** @param {string} why */
  #close(why) {
    const stream = /** @type {MediaStream | null} */ (this.#video.srcObject);
    stream?.getTracks().forEach((track) => track.stop());
    this.#video.srcObject = null;
    this.#says(why);
    if (why === "Lost" || why === "Busy") setTimeout(() => this.#open(), AGAIN);
  }

  /** @param {string} why */
  #says(why) {
    put(element("camera-says"), words[`camera${why}`]);
    element("camera").dataset.camera = why;
    put(element("camera-switch"), this.#on ? words.cameraOff : words.cameraOn);
  }

  /** A frame whenever the camera has one. @param {MediaStream} stream */
  #wait(stream) {
    if (this.#video.srcObject !== stream) return;
    const due = performance.now() - this.#sent > PACE - 5 && !this.#asked;
    if (due && !document.hidden && !this.#paused()) this.#frame();
    const next = () => this.#wait(stream);
    if ("requestVideoFrameCallback" in this.#video) this.#video.requestVideoFrameCallback(next);
    else setTimeout(next, PACE);
  }

  #frame() {
    const { videoWidth, videoHeight } = this.#video;
    if (!videoWidth || !this.#pen) return;
    const shrink = Math.min(1, WIDEST / videoWidth);
    const width = Math.floor((videoWidth * shrink) / 2) * 2;
    const height = Math.floor(videoHeight * shrink);
    if (this.#pen.canvas.width !== width) this.#pen.canvas.width = width;
    if (this.#pen.canvas.height !== height) this.#pen.canvas.height = height;
    this.#pen.drawImage(this.#video, 0, 0, width, height);
    this.#sent = performance.now();
    this.#asked = this.#send(pack(this.#pen.getImageData(0, 0, width, height), this.#count++ % 3 === 2));
  }
}

/** A frame as the service takes it: bits a pixel, flags, width, height, rows of grey.
 * @param {{data: ArrayLike<number>, width: number, height: number}} image @param {boolean} enlarge */
export function pack({ data, width, height }, enlarge) {
  const bits = width * height < LARGE ? 8 : 4;
  const frame = new Uint8Array(6 + (width * height * bits) / 8);
  frame.set([bits, enlarge ? 1 : 0, width & 255, width >> 8, height & 255, height >> 8]);
  const grey = (/** @type {number} */ i) => (data[i] * 77 + data[i + 1] * 150 + data[i + 2] * 29) >> 8;
  for (let at = 6, i = 0; at < frame.length; at++, i += 32 / bits)
    frame[at] = bits === 8 ? grey(i) : (grey(i) & 240) | (grey(i + 4) >> 4);
  return frame;
}

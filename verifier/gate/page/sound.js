// @ts-check
/** A sound for each look of a verdict, made here; they differ in height, number and colour of the notes. */
import { element } from "./words.js";

/** Notes: start and length in seconds, height in Hz. @type {Record<string, [OscillatorType, number[][]]>} */
const SOUNDS = {
  yes: ["sine", [[0, 0.16, 523], [0.14, 0.16, 659], [0.28, 0.45, 784]]],
  compare: ["triangle", [[0, 0.09, 988], [0.16, 0.09, 988], [0.32, 0.09, 988], [0.48, 0.3, 740]]],
  no: ["sawtooth", [[0, 0.35, 130], [0.45, 0.6, 98]]],
  unsure: ["sine", [[0, 0.3, 415], [0.45, 0.3, 415]]],
  pass: ["triangle", [[0, 0.2, 392], [0.22, 0.35, 294]]],
};
const audio = new AudioContext();

// Browsers let a page sound once somebody has touched it; until then a mark says that it is silent.
for (const act of ["pointerdown", "keydown"]) window.addEventListener(act, () => audio.resume(), true);
audio.onstatechange = () => (element("sound-off").hidden = audio.state === "running");

export function play(look = "") {
  if (audio.state !== "running") return; // what nobody hears now would sound later
  const [type, notes] = SOUNDS[look] ?? SOUNDS.no;
  for (const [start, length, frequency] of notes) {
    const at = audio.currentTime + start;
    const tone = new OscillatorNode(audio, { type, frequency });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setTargetAtTime(0.5, at, 0.01);
    volume.gain.setTargetAtTime(0, at + length - 0.05, 0.02);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + length + 0.1);
  }
}

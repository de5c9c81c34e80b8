// Looks at the camera's picture three times a second, at 48 × 64 pixels, and keeps nothing of it.
const root = $(".guide"), canvas = document.createElement("canvas"), pen = canvas.getContext("2d", { willReadFrequently: true });
[canvas.width, canvas.height] = [48, 64];
const say = (node, text) => { if (node.textContent !== text) node.textContent = text; };
const DARK = 70, BRIGHT = 205, ONE_SIDED = 45; // of 255: means in the oval, and how far its halves may lie apart

function light(video) {
  const high = video.videoHeight * 0.78, wide = Math.min(video.videoWidth, high * 0.75);
  pen.drawImage(video, (video.videoWidth - wide) / 2, video.videoHeight * 0.06, wide, high, 0, 0, canvas.width, canvas.height);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height), sums = [0, 0], counts = [0, 0];
  for (let y = 0; y < canvas.height; y++)
    for (let x = 0; x < canvas.width; x++) {
      const u = (2 * x + 1) / canvas.width - 1, v = (2 * y + 1) / canvas.height - 1, at = 4 * (y * canvas.width + x), half = Number(u > 0);
      if (u * u + v * v > 0.7) continue; // the oval's inside
      sums[half] += 0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2];
      counts[half]++;
    }
  const [left, right] = [sums[0] / counts[0], sums[1] / counts[1]], mean = (left + right) / 2;
  $(".meter i").style.left = (100 * mean) / 255 + "%";
  say($(".light"), mean < DARK ? tr("Too dark: turn towards a window or a lamp.") : mean > BRIGHT ? tr("Too bright: step out of the direct light.")
    : Math.abs(left - right) > ONE_SIDED ? tr("Light from one side: turn towards it.") : tr("Good light."));
}
const clock = setInterval(() => {
  if (!element.isConnected) return clearInterval(clock);
  const video = document.querySelector("#photo video"), on = Boolean(video?.videoWidth && !video.paused);
  root.hidden = !on;
  if (on) light(video);
}, 330);
// How far the device is turned about the line of sight; 0 upright, whichever way up it is held.
window.addEventListener("deviceorientation", (event) => {
  if (root.hidden || event.beta === null || event.gamma === null) return;
  const beta = (event.beta * Math.PI) / 180, gamma = (event.gamma * Math.PI) / 180;
  const turned = (Math.atan2(Math.cos(beta) * Math.sin(gamma), Math.sin(beta)) * 180) / Math.PI;
  const tilt = turned - 90 * Math.round(turned / 90);
  $(".level").hidden = false;
  $(".bubble i").style.left = 50 + 2 * clamp(tilt, -22, 22) + "%";
  say($(".tilt"), Math.abs(tilt) < 3 ? tr("Level.") : tr("Tilted by {degrees}°.", { degrees: Math.round(Math.abs(tilt)) }));
});
const clamp = (v, low, high) => Math.min(Math.max(v, low), high);

/** Image `index` of `values` (N, C, H, W) in [0, 1], on a canvas of its own size. */
export function paint(canvas, values, index, { channels, side }) {
  const plane = side * side;
  const image = new ImageData(side, side);
  for (let at = 0; at < plane; at++) {
    for (let channel = 0; channel < 3; channel++) {
      image.data[4 * at + channel] = Math.round(255 * values[(index * channels + (channel % channels)) * plane + at]);
    }
    image.data[4 * at + 3] = 255;
  }
  canvas.width = canvas.height = side;
  canvas.getContext("2d").putImageData(image, 0, 0);
}

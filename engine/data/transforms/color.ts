import { randomInteger } from '../../tensor/random.ts';
import type { Transform } from './basic.ts';
import * as functional from './functional/index.ts';
import { between, type Range } from './range.ts';

export interface JitterOptions {
  /** Brightness, contrast and saturation are multiplied by a factor of 1 ± this, or between two. Default 0. */
  readonly brightness?: number | Range;
  readonly contrast?: number | Range;
  readonly saturation?: number | Range;
  /** Colours are turned by up to ± this share of a turn, or between two. Default 0. */
  readonly hue?: number | Range;
}

/** Changes brightness, contrast, saturation and hue of an RGB image of 0 … 1 at random, in a random order. */
export function colorJitter({ brightness = 0, contrast = 0, saturation = 0, hue = 0 }: JitterOptions): Transform {
  const factor = (limit: number | Range): Range =>
    typeof limit === 'number' ? [Math.max(0, 1 - limit), 1 + limit] : limit;
  const turn: Range = typeof hue === 'number' ? [-hue, hue] : hue;
  const changes: [wanted: number | Range, change: Transform][] = [
    [brightness, (x) => functional.adjustBrightness(x, between(factor(brightness)))],
    [contrast, (x) => functional.adjustContrast(x, between(factor(contrast)))],
    [saturation, (x) => functional.adjustSaturation(x, between(factor(saturation)))],
    [hue, (x) => functional.adjustHue(x, between(turn))],
  ];
  return (image) => {
    const wanted = changes.filter(([limit]) => limit !== 0);
    let result = image;
    while (wanted.length > 0) result = wanted.splice(randomInteger(wanted.length), 1)[0][1](result);
    return result;
  };
}

/** One gray channel, or three equal ones. */
export const grayscale =
  (channels: 1 | 3 = 1): Transform =>
  (image) =>
    functional.rgbToGrayscale(image, channels);

/** Loss and gradient at one point of a line. */
interface Point {
  readonly loss: number;
  readonly gradient: Float64Array;
}

interface Probe extends Point {
  readonly t: number;
  /** The derivative along the line. */
  readonly slope: number;
}

const sufficient = 1e-4;
const curvature = 0.9;

/** The minimum of the cubic through two points with their slopes, kept within bounds (Nocedal & Wright, equation 3.59). */
function cubicMinimum(a: Probe, b: Probe, bounds?: readonly [number, number]): number {
  const [low, high] = bounds ?? (a.t <= b.t ? [a.t, b.t] : [b.t, a.t]);
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t);
  const square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const d2 = Math.sqrt(square);
  const minimum =
    a.t <= b.t
      ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
      : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
  return Math.min(Math.max(minimum, low), high);
}

/**
 * A step length that lowers the loss enough and leaves a small enough slope: the strong Wolfe conditions (Nocedal & Wright,
 * algorithms 3.5 and 3.6), in the form PyTorch's LBFGS has it. Gives up after `mostSteps`.
 */
export function strongWolfe(
  at: (t: number) => Point,
  direction: Float64Array,
  start: number,
  origin: Point,
  slope: number,
  mostSteps: number,
): { readonly t: number; readonly loss: number; readonly gradient: Float64Array; readonly evaluations: number } {
  const tolerance = 1e-9;
  const top = direction.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  let evaluations = 0;
  const probe = (t: number): Probe => {
    evaluations++;
    const { loss, gradient } = at(t);
    return { t, loss, gradient, slope: gradient.reduce((sum, x, i) => sum + x * direction[i], 0) };
  };
  const first: Probe = { t: 0, ...origin, slope };
  const tooHigh = (p: Probe): boolean => p.loss > origin.loss + sufficient * p.t * slope;
  const flat = (p: Probe): boolean => Math.abs(p.slope) <= -curvature * slope;

  let [previous, current] = [first, probe(start)];
  let bracket: [Probe, Probe] | null = null;
  let done = false;
  let steps = 0;
  while (steps < mostSteps) {
    if (tooHigh(current) || (steps > 1 && current.loss >= previous.loss) || current.slope >= 0) {
      if (!tooHigh(current) && !(steps > 1 && current.loss >= previous.loss) && flat(current)) {
        bracket = [current, current];
        done = true;
      } else bracket = [previous, current];
      break;
    }
    if (flat(current)) {
      bracket = [current, current];
      done = true;
      break;
    }
    const [least, most] = [current.t + 0.01 * (current.t - previous.t), current.t * 10];
    const next = cubicMinimum(previous, current, [least, most]);
    previous = current;
    current = probe(next);
    steps++;
  }
  bracket ??= [first, current];

  let stuck = false;
  let [low, high] = bracket[0].loss <= bracket[1].loss ? bracket : [bracket[1], bracket[0]];
  while (!done && steps < mostSteps) {
    if (Math.abs(high.t - low.t) * top < tolerance) break;
    const [from, to] = low.t < high.t ? [low.t, high.t] : [high.t, low.t];
    let t = cubicMinimum(...((low.t < high.t ? [low, high] : [high, low]) as [Probe, Probe]));
    // Near a border twice, or at it: step inside instead.
    const margin = 0.1 * (to - from);
    if (Math.min(to - t, t - from) < margin) {
      if (stuck || t >= to || t <= from) {
        t = Math.abs(t - to) < Math.abs(t - from) ? to - margin : from + margin;
        stuck = false;
      } else stuck = true;
    } else stuck = false;
    const next = probe(t);
    steps++;
    if (tooHigh(next) || next.loss >= low.loss) {
      high = next;
      if (high.loss < low.loss) [low, high] = [high, low];
      continue;
    }
    if (flat(next)) done = true;
    else if (next.slope * (high.t - low.t) >= 0) high = low;
    low = next;
  }
  return { t: low.t, loss: low.loss, gradient: low.gradient, evaluations };
}

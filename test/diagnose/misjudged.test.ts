import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose, givesWay } from '../../engine/diagnose/diagnose.ts';
import { trend } from '../../engine/diagnose/evidence/trend.ts';
import { rules } from '../../engine/diagnose/rules.ts';
import { nameOf, variants } from '../bench/diagnosis/cases.ts';
import { alarmsOf } from '../bench/diagnosis/observe.ts';
import { folder, runFile, write } from '../host/scripts.ts';

/** Cases of the benchmark's tuning part that were once judged wrongly, each with the rule that it taught. */

const DATA = ['../../examples/data', '../bench/diagnosis/data'].map((from) => path.join(import.meta.dirname, from));
const all = variants().filter(({ part }) => part === 'tune');

/** `finding-id/cause` of the first alarm; null where there is none. */
async function alarmIn(name: string, seed: number): Promise<string | null> {
  const variant = all.find((one) => nameOf(one) === name);
  if (!variant) throw new Error(`No variant ${name}.`);
  const into = folder();
  for (const from of DATA)
    for (const file of fs.readdirSync(from)) fs.symlinkSync(path.join(from, file), path.join(into, file));
  const { run } = await runFile(write(variant.script, into), { seed });
  const [first] = alarmsOf(diagnose(run));
  return first ? `${first.id}/${first.cause}` : null;
}

describe('a fault is called by its name', () => {
  test.each([
    // Findings that gave way to each other were all untold.
    ['detector, weights too large', 1, 'exploding-gradient/large-weights'],
    // Weights that decay has eaten change by much.
    ['moons, weight decay that eats the weights', 1, 'loss-plateau/weight-decay'],
    ['resnet, weight decay that eats the weights', 1, 'loss-plateau/weight-decay'],
    // A loss far below its first value, and no better than a constant answer.
    ['autoencoder, weights too small', 1, 'bad-initialization/small-weights'],
    ['digits-mlp, data that aren’t scaled', 1, 'unscaled-input/large-values'],
    // Of a layer whose gradient is exactly 0, behind one that has faded by two decades, nothing could be said.
    ['moons, data that aren’t scaled', 1, 'unscaled-input/large-values'],
    // It began, far too late.
    ['deep-mlp, deep sigmoids', 2, 'vanishing-gradient/saturating-activation'],
    ['digits-mlp, a softmax between layers', 1, 'vanishing-gradient/saturating-activation'],
    // What it has learned isn't much and grows, and all updates together can't have brought the weights far.
    ['moons, a rate ten times lower', 1, 'learning-rate-low/small-updates'],
    // It falls, by next to nothing.
    ['lstm, a rate a hundred times too low', 1, 'learning-rate-low/small-updates'],
    // Seven tenths of what can be learned is not well.
    ['moons, sigmoid twice', 1, 'double-softmax/sigmoid-twice'],
    // A sigmoid can't say 2.
    ['regression, a sigmoid on what isn’t within 0 and 1', 2, 'loss-plateau/bounded-output'],
    ['digits-mlp, learned by heart', 2, 'overfitting/memorizes'],
    // By its loss it learns well, and as logits all of its answers say yes.
    ['circles, a sigmoid at the end of a model of logits', 1, 'double-softmax/sigmoid-twice'],
    // Some was learned before the schedule had taken the rate away.
    ['spirals, a rate that falls by a fifth at every step', 1, 'learning-rate-low/died-away'],
    // It has learned three quarters, with updates smaller than is usual, and goes on.
    ['friedman, a rate thirty times too low', 1, 'learning-rate-low/small-updates'],
    // Small updates at the end of the way aren't the rate's doing.
    ['circles, layers without an activation between', 1, 'loss-plateau/linear-model'],
    // What a constant answer scores differs from batch to batch.
    ['factors, labels in another order at every step', 1, 'loss-plateau/no-better-than-constant'],
    // A ReLU can't say −1.
    ['friedman, answers that can’t be negative', 1, 'loss-plateau/bounded-output'],
    // The negative of a sum of two terms.
    ['vae, the negative is minimized', 1, 'wrong-loss-scale/wrong-sign'],
    // A gradient of exactly 0 has not faded.
    ['vae, biases far below zero', 1, 'dead-units/dead-relu'],
    // Of two players one is far too fast.
    ['ring-gan, a generator a hundred times as fast', 1, 'learning-rate-high/large-updates'],
    // A schedule has saved the loss, not the weights.
    ['resnet, a rate thirty times too high', 1, 'learning-rate-high/first-updates'],
    // What saturates is driven by answers that were far too sure from the first step on.
    ['lenet, a last layer a hundred times as large', 1, 'wrong-loss-scale/large-logits'],
    // A first loss of 235 falls by nearly all of itself, whatever is learned.
    ['mixture, a deviation of 3', 1, 'exploding-gradient/large-weights'],
    // What its loss would be for a constant answer isn't known; that its weights are where they began is.
    ['equation, an epsilon of 500', 1, 'learning-rate-low/small-updates'],
    ['mixture, a decay of 5 under Adam', 1, 'loss-plateau/weight-decay'],
    // No better than a constant answer, and weights that are where they began.
    ['sets, a rate fifty times too low', 2, 'learning-rate-low/small-updates'],
    // The column was made by a sum, not by a layer.
    ['gridworld, a column less a row', 1, 'wrong-loss-scale/broadcast'],
    // Its gradient fades by less than two decades; each of 24 outputs is about 1/24 all the same.
    ['graph, softmax in the middle', 1, 'vanishing-gradient/saturating-activation'],
    // A stray large gradient, later on, of a model whose gradient had faded.
    ['mixture, sixteen layers of tanh, as they come', 2, 'vanishing-gradient'],
    ['chars, a rate fifteen times too high', 1, 'learning-rate-high/first-updates'],
    // With nineteen of twenty dropped nothing can be learned, though the loss falls.
    ['segmenter, nineteen of twenty dropped', 1, 'loss-plateau/heavy-dropout'],
    // The targets are told by where they lie, whatever shape answers have.
    ['tracker, answers from 0 to 1', 1, 'loss-plateau/bounded-output'],
    // Batches of two are noise from the start, whatever follows from it.
    ['epochs, batches of two, normalized', 1, 'small-batch-norm/tiny-batch'],
    // Its loss is 10 times one loss and another: what that is for a constant answer is known.
    ['boxes, a hundredth of the rate', 1, 'learning-rate-low/small-updates'],
    // Larger steps don't help a linear model.
    ['ring-tower, no bends', 1, 'loss-plateau/linear-model'],
    // No answer of the first batch happened to be 0.
    ['forecaster, answers never below 0', 1, 'loss-plateau/bounded-output'],
    // All other weights are as they should be.
    ['sonnet-rnn, an embedding of forty', 1, 'bad-initialization/large-weights'],
    ['sonnet-rnn, recurrent matrices times nine', 1, 'bad-initialization/large-weights'],
    // Its encoder is just half of an autoencoder.
    ['digits-code, an encoder frozen as drawn', 1, 'frozen-parameter/frozen'],
    // Of a game it can't be said how much was learned; that an optimizer has never had a gradient can.
    ['corners-gan, forgeries made under noGrad', 1, 'frozen-parameter/unrecorded'],
    // What came back to the last layer was what rounding leaves of nothing: it didn't fade from there.
    ['preact, one score for all classes', 1, 'loss-plateau/'],
    // Adam's updates are small where there's next to no gradient, whatever the rate.
    ['tabular-resnet, a layer norm of one answer', 1, 'loss-plateau/no-better-than-constant'],
    ['decay-gru, states squared again and again', 1, 'loss-plateau/no-gradient'],
    // A mask is meant, what softmax makes of a row of −∞ isn't.
    ['scribe, a mask that leaves a row nothing', 1, 'non-finite/masked'],
    // Weights that are changed and are again what they were.
    ['iris-sigmoid, weights put back after every step', 1, 'not-optimized/put-back'],
    ['mileage, weights loaded anew at every epoch', 1, 'not-optimized/put-back'],
    // Nothing can be learned of one class, and no share of it be told.
    ['iris-sigmoid, one label for all', 1, 'loss-plateau/constant-target'],
    // What one unit doesn't let through, no rate will.
    ['rows-gru, a bottleneck of one', 1, 'loss-plateau/bottleneck'],
    ['iris-sigmoid, a bottleneck of one', 1, 'loss-plateau/bottleneck'],
    // Weights that hardly move aren't kept by sigmoids.
    ['iris-sigmoid, bare descent at a ten-thousandth', 1, 'learning-rate-low/small-updates'],
    // Between the generator's turns are those of the discriminator, which don't touch its gradients.
    ['ellipse-gan, G’s gradients pile up', 1, 'missing-zero-grad/gradients-accumulate'],
    // Losses of a game tell nothing of what becomes of it.
    ['curve-gan, momentum of nine tenths on both sides', 1, 'loss-plateau/unlike-data'],
    // Without evaluation nobody sees what is known by heart.
    ['digit-array, three dozen digits to learn by heart', 1, 'overfitting/few-samples'],
    // Queries and keys have small gradients in every attention.
    ['mini-gpt, letters one sample off', 1, 'loss-plateau/no-better-than-constant'],
    // The activation at the end is a layer of its own.
    ['circle-stack, nothing bends', 1, 'loss-plateau/linear-model'],
    // One of the first batches had no score above 0.
    ['stripes, likelihood of bare scores', 1, 'wrong-loss-scale/missing-softmax'],
    // Of two terms one is learned.
    ['blob-detector, boxes of another picture', 1, 'loss-plateau/one-term'],
    ['rows-gru, a penalty that outweighs the task', 1, 'wrong-loss-scale/penalty'],
    // Biases and noise drown what is so small.
    ['iris-sigmoid, inputs of a ten-thousandth', 1, 'unscaled-input/small-values'],
    ['iris-sigmoid, inputs in units of a thousandth', 1, 'unscaled-input/large-values'],
  ])('%s, seed %i', async (name, seed, expected) => {
    expect(await alarmIn(name, seed)).toMatch(new RegExp(`^${expected}`));
  });
});

describe('and what does no harm is no alarm', () => {
  test.each([
    // The gradient had exploded, and the model has learned well since.
    ['deep-mlp, 12 dense layers, relu, variance scaling by 4', 1],
    // A bias that begins at 0 has a gradient larger than itself.
    ['detector, a loss that counts boxes alone at first', 1],
    // As good as the likelihood over a batch can be.
    ['deep-tanh, a softmax over the wrong axis', 1],
    // As good as it can be with a sigmoid too many.
    ['deep-mlp, sigmoid twice', 1],
    // Weights were small, and have long grown.
    ['denoiser, a deviation of a thousandth', 1],
    // A constant that is added to a loss isn't what is left of it.
    ['gridworld, five more', 1],
  ])('%s, seed %i', async (name, seed) => {
    expect(await alarmIn(name, seed)).toBeNull();
  });
});

test('of three findings that explain each other in a ring, one is told', async () => {
  expect(await alarmIn('sets, a deviation of a thousandth', 2)).toMatch('vanishing-gradient/');
});

test('of findings that explain each other, one is always told', () => {
  const next = (rule: (typeof rules)[number]) => rules.filter((other) => other !== rule && givesWay(rule, other));
  for (const rule of rules) {
    const reached = new Set(next(rule));
    for (const one of reached) for (const other of next(one)) reached.add(other);
    expect(
      [...reached].map(({ id }) => id),
      rule.id,
    ).not.toContain(rule);
    expect(reached.has(rule), rule.source).toBe(false);
  }
});

describe('trend', () => {
  // Kendall's S of 1 … 10 is 45, its variance 10·9·25/18 = 125: (45 − 1)/√125.
  test('of what only falls', () => {
    expect(trend([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])).toBeCloseTo(-44 / Math.sqrt(125), 10);
  });

  test('of what rises and falls alike', () => {
    expect(Math.abs(trend(Array.from({ length: 200 }, (_, i) => Math.sin(2.4 * i))))).toBeLessThan(1.5);
  });

  test('of a slow fall in much noise', () => {
    expect(trend(Array.from({ length: 240 }, (_, i) => Math.sin(2.4 * i) - i / 100))).toBeLessThan(-3);
  });
});

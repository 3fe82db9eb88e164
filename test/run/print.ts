import path from 'node:path';
import { number } from '../../engine/diagnose/phrases.ts';
import type { Frame } from '../../engine/run/frame.ts';
import type { Site } from '../../engine/site.ts';

const at = (site: Site | null) => (site ? ` @ ${path.basename(site.file)}:${site.line}:${site.column}` : '');

/** A frame in one line, without what differs from one execution to the next. */
export function printFrame(frame: Frame): string {
  switch (frame.kind) {
    case 'start':
      return `start ${path.basename(frame.script)} ${frame.engine}`;
    case 'source':
      return `source ${path.basename(frame.file)}, ${frame.text.split('\n').length} lines`;
    case 'layer':
      return `layer ${frame.id} ${frame.name}: ${frame.description} in ${frame.parent}${at(frame.site)}`;
    case 'parameter':
      return `parameter ${frame.id} ${frame.name} [${frame.shape.join(', ')}] of ${frame.layer}${at(frame.site)}`;
    case 'operation':
      return `operation ${frame.id} ${frame.operation}#${frame.occurrence} [${frame.shape.join(', ')}] in ${frame.layer} follows ${frame.follows}${at(frame.site)}`;
    case 'step':
      return `step ${frame.step} loss ${number(frame.loss)} lr ${number(frame.learningRate)} parameters ${[...frame.parameters.ids]}`;
    case 'phase':
      return `${frame.state} before ${frame.phase} of step ${frame.step}${at(frame.site)}`;
    case 'non-finite':
      return `${frame.value} born in ${frame.operation} at step ${frame.step}${at(frame.site)}`;
    case 'output':
      return `${frame.stream} ${JSON.stringify(frame.text)}${at(frame.site)}`;
    case 'note':
      return `note ${frame.topic} at step ${frame.step}: ${frame.message}`;
    case 'tensor':
      return `tensor for ${frame.request}: ${frame.problem ?? `[${frame.values.join(', ')}]`}`;
    case 'optimizer':
      return `optimizer ${frame.id} ${frame.type} of ${frame.parameters}${at(frame.site)}`;
    case 'loss':
      return `${frame.evaluation ? 'evaluation ' : ''}loss ${frame.loss} ${frame.rows}×${frame.classes}: ${number(frame.value ?? Number.NaN)}${at(frame.site)}`;
    case 'input':
      return `input [${frame.shape.join(', ')}] of ${frame.layer}: ${number(frame.min)} … ${number(frame.max)}${at(frame.site)}`;
    case 'samples':
      return `${frame.distinct} samples of ${frame.features} at step ${frame.step}`;
    case 'gradient-check':
      return `${frame.function} argument ${frame.argument}: ${number(frame.analytic)}, not ${number(frame.numeric)}${at(frame.site)}`;
    case 'curvature':
      return `curvature at step ${frame.step}: ${frame.problem ?? `${number(frame.eigenvalue)}, bound ${number(frame.bound)}`}`;
    case 'gap':
      return `gap of ${frame.steps} steps`;
    case 'error':
      return `error ${frame.name}: ${frame.message}${at(frame.site)}`;
    case 'end':
      return `end ${frame.ended} ${frame.exitCode}${frame.message ? `: ${frame.message}` : ''}${at(frame.site)}`;
  }
}

export const print = (frames: readonly Frame[]): string => frames.map(printFrame).join('\n');

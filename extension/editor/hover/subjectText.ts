import type { Subject } from '../../../engine/source/subjects.ts';
import type { Session } from '../../runs/session.ts';
import type { HoverOptions } from './footer.ts';
import { manyLayers, oneLayer } from './layerText.ts';
import { operationText } from './operationText.ts';
import { oneModule } from './outputText.ts';
import { manyParameters } from './parameterText.ts';

/** The hover's text, in VS Code's Markdown. */
export function describeSubject(session: Session, subject: Subject, name: string, options: HoverOptions): string {
  switch (subject.kind) {
    case 'layers':
      return subject.groups.length === 1
        ? oneLayer(session, subject.groups[0], options)
        : manyLayers(session, name, subject.groups, options);
    case 'parameters':
      return manyParameters(session, subject.parameters, options);
    case 'module':
      return oneModule(session, subject.layer, options);
    case 'operations':
      return operationText(session, subject.operations, options);
  }
}

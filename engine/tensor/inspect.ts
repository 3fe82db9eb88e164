/** Under this name Node's console asks a value for its text; elsewhere nobody does. */
export const INSPECT = Symbol.for('nodejs.util.inspect.custom');

import { Module } from '../nn/module.ts';
import { Parameter } from '../nn/parameter.ts';
import { placeKey, type Site } from '../site.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { FrameSink } from './sink.ts';
import { callSite } from './sites.ts';

/** A module that has been declared as a layer. */
interface Layer {
  readonly id: number;
  /** Path within its model, or the model's own name. */
  readonly name: string;
  readonly model: Model | null;
}

/** A model, recognised when a script makes it anew at every step: same place, same structure. */
interface Model {
  readonly name: string;
  /** What the names of its modules begin with. */
  readonly prefix: string;
  /** The unique name of each of its modules, by path. */
  readonly names: Map<string, string>;
  readonly layers: Map<string, Layer>;
  /** The last step in which it was made or executed, and the moment of that. */
  step: number;
  used: number;
}

interface ModulePlace {
  readonly name: string;
  readonly parent: Module | null;
  readonly model: Model;
}

/** Modules that are made and never executed may pile up to so many before they are looked at. */
const MOST_FRESH = 256;
/** Models beyond so many are no longer looked at for new children. */
const MOST_ROOTS = 64;

/** Executions of modules that are recognised by their order, in one step. */
const MOST_IN_ORDER = 4096;

/** The module and the field that hold a parameter. */
export interface ParameterOwner {
  readonly module: Module;
  readonly key: string;
}

/**
 * Names the modules of a script and declares them as layers, in the order in which they are first executed. A model is
 * a module that is nobody's child; its name is its variable's. Children have their path within the model, as in
 * PyTorch (`hidden.3`), preceded by the model's name only if the script has several models with parameters.
 */
export class Layers {
  readonly #sink: FrameSink;
  readonly #name: (site: Site) => string | null;
  /** Made since the tree was last looked at: a module's fields don't exist yet when it tells of itself. */
  #fresh: Module[] = [];
  readonly #sites = new WeakMap<object, Site | null>();
  readonly #layers = new WeakMap<object, Layer>();
  /** Modules that have been executed. */
  readonly #entered = new WeakSet<object>();
  #count = 0;
  /** Loss functions and the like that a loop makes anew at every step, by class and site: one layer, not thousands. */
  readonly #standalone = new Map<string, Layer>();
  /** Every module that has been given a place in a model: its path, its parent. */
  readonly #places = new WeakMap<Module, ModulePlace>();
  readonly #owners = new WeakMap<Tensor, ParameterOwner>();
  /** By class, site and structure. */
  readonly #models = new Map<string, Model[]>();
  /** How often each name has been asked for. */
  readonly #usedNames = new Map<string, number>();
  #step = 0;
  /** Counts moments: makings and uses of modules. */
  #clock = 0;
  readonly #made = new WeakMap<object, number>();
  /** The roots placed last, which may get new children. */
  readonly #roots: Module[] = [];

  /** Modules in the order in which the last step executed them, which this one probably does as well. */
  readonly #order: { readonly module: object; readonly layer: Layer }[] = [];
  #position = 0;

  constructor(sink: FrameSink, name: (site: Site) => string | null) {
    this.#sink = sink;
    this.#name = name;
  }

  beginStep(): void {
    this.#step++;
    this.#position = 0;
    if (this.#fresh.length > MOST_FRESH) this.#place();
  }

  created(module: object): void {
    const classes = classNames(module);
    // A model's own constructor calls into the engine too; the place meant is where the model was asked for.
    this.#sites.set(
      module,
      callSite((frame) => frame.isConstructor() && classes.has(frame.getFunctionName() ?? '')),
    );
    this.#made.set(module, this.#clock++);
    this.#fresh.push(module as Module);
  }

  /** All that the last steps executed counts as used now. */
  useAll(): void {
    for (const { layer } of this.#order) if (layer.model) this.#use(layer.model);
  }

  /** The layer of a module, declared now if it hasn't been. */
  layerOf(module: object): number {
    const layer = this.#layers.get(module);
    if (layer) {
      if (layer.model) this.#use(layer.model);
      return layer.id;
    }
    if (!this.#places.has(module as Module)) this.#place();
    return this.#declare(module as Module);
  }

  /** A module's forward begins. */
  entered(module: object): void {
    const expected = this.#order[this.#position];
    if (expected?.module === module) {
      this.#position++;
      if (expected.layer.model) this.#use(expected.layer.model);
      return;
    }
    this.#entered.add(module);
    this.layerOf(module);
    const layer = this.#layers.get(module);
    if (!layer || this.#position >= MOST_IN_ORDER) return;
    // from here on in another order than the last time
    this.#order.length = this.#position;
    this.#order.push({ module, layer });
    this.#position++;
  }

  /** The parameters of every model of which something has been executed, in order. */
  *parametersOfModels(): Generator<Tensor> {
    // Those that haven't been executed may belong to the step to come.
    const used = this.#roots.filter((root) => root.modules().some((module) => this.#entered.has(module)));
    for (const root of used) yield* root.parameters();
  }

  /** True for a module that is made of others. */
  isModel(module: object): boolean {
    return childrenOf(module as Module).length > 0;
  }

  /** What stands for the model that a module is part of, the same for all of its modules. */
  modelOf(module: object): object | null {
    this.layerOf(module);
    return this.#layers.get(module)?.model ?? null;
  }

  /** Module and field that own a parameter; undefined for a tensor without a module. */
  owner(parameter: Tensor): ParameterOwner | undefined {
    if (!this.#owners.has(parameter)) this.#place();
    return this.#owners.get(parameter);
  }

  #declare(module: Module): number {
    const site = this.#sites.get(module) ?? null;
    const type = module.constructor.name;
    const place = this.#places.get(module);
    const alone = !place?.parent && childrenOf(module).length === 0 && module.parameters().length === 0;
    const key = `${type} ${placeKey(site)}`;
    const model = place?.model ?? null;
    let layer = alone ? this.#standalone.get(key) : model?.layers.get(place?.name ?? '');
    if (!layer) {
      const parent = place?.parent ? this.layerOf(place.parent) : null;
      layer = { id: this.#count++, name: place?.name ?? this.#unique(type), model };
      model?.layers.set(layer.name, layer);
      if (alone) this.#standalone.set(key, layer);
      const description = module.toString().split('\n')[0].replace(/\($/, '');
      const ran = this.#entered.has(module) || this.isModel(module);
      const frozen = frozenIn(module);
      this.#sink({
        kind: 'layer',
        id: layer.id,
        name: layer.name,
        type,
        description,
        parent,
        site,
        ...(ran ? {} : { ran }),
        ...(frozen > 0 ? { frozen } : {}),
      });
    }
    this.#layers.set(module, layer);
    return layer.id;
  }

  parameterName({ module, key }: ParameterOwner): string {
    this.layerOf(module);
    const name = this.#layers.get(module)?.name;
    return name ? `${name}.${key}` : key;
  }

  /** Gives a place to all modules made since the last time. Looks at the tree as it is now: fields are set by now. */
  #place(): void {
    const fresh = this.#fresh;
    this.#fresh = [];
    if (fresh.length === 0) return;
    for (const root of this.#roots) this.#adopt(root);
    const children = new Set(fresh.flatMap((module) => childrenOf(module).map(([, child]) => child)));
    const roots = fresh.filter((module) => !children.has(module) && !this.#places.has(module));
    const several = roots.filter((root) => root.parameters().length > 0).length > 1;
    for (const root of roots) {
      const model = this.#modelOf(root, several);
      this.#use(model);
      this.#placeTree(root, model.name, model.prefix, null, model);
      this.#roots.push(root);
      if (this.#roots.length > MOST_ROOTS) this.#roots.shift();
    }
  }

  /** The model that was made at the same place in an earlier step and is no longer used, or a new one. */
  #modelOf(root: Module, several: boolean): Model {
    const site = this.#sites.get(root);
    const key = `${placeKey(site)} ${root}`;
    const siblings = this.#models.get(key) ?? [];
    this.#models.set(key, siblings);
    const made = this.#made.get(root) ?? 0;
    let model = siblings.find(({ step, used }) => step < this.#step && used < made);
    if (!model) {
      const name = (site && this.#name(site)) ?? root.constructor.name;
      const prefix = several ? `${name}.` : '';
      model = {
        name: this.#unique(name),
        prefix,
        names: new Map(),
        layers: new Map(),
        step: this.#step,
        used: this.#clock,
      };
      siblings.push(model);
    }
    return model;
  }

  #use(model: Model): void {
    model.step = this.#step;
    model.used = this.#clock++;
  }

  /** A model that was executed before it was complete, in its own constructor say, has children that have no place yet. */
  #adopt(module: Module): void {
    const place = this.#places.get(module);
    if (!place) return;
    const prefix = place.parent ? `${place.name}.` : place.model.prefix;
    for (const [key, child] of childrenOf(module)) {
      if (this.#places.has(child)) this.#adopt(child);
      else this.#placeChild(key, child, prefix, module, place.model);
    }
  }

  #placeTree(module: Module, name: string, prefix: string, parent: Module | null, model: Model): void {
    if (this.#places.has(module)) return; // shared by two parents: the first names it
    this.#places.set(module, { name, parent, model });
    for (const [key, parameter] of module.namedParameters()) {
      if (!key.includes('.') && !this.#owners.has(parameter)) this.#owners.set(parameter, { module, key });
    }
    for (const [key, child] of childrenOf(module)) {
      this.#placeChild(key, child, prefix, module, model);
    }
  }

  #placeChild(key: string, child: Module, prefix: string, parent: Module, model: Model): void {
    const path = prefix + key;
    const unique = model.names.get(path) ?? this.#unique(path);
    model.names.set(path, unique);
    this.#placeTree(child, unique, `${path}.`, parent, model);
  }

  #unique(name: string): string {
    const count = (this.#usedNames.get(name) ?? 0) + 1;
    this.#usedNames.set(name, count);
    return count === 1 ? name : this.#unique(`${name}#${count}`);
  }
}

/**
 * A module's children, and after them those in its plain arrays, which are executed as a part of it all the same, though their
 * parameters are nobody's: an array registers nothing.
 */
function childrenOf(module: Module): [string, Module][] {
  const listed = Object.entries(module).flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.flatMap((item, i): [string, Module][] => (item instanceof Module ? [[`${name}.${i}`, item]] : []))
      : [],
  );
  return [...module.namedChildren(), ...listed];
}

/** Elements of a module's own matrices and filters that ask for no gradient. */
function frozenIn(module: Module): number {
  const own = Object.values(module).filter((value): value is Parameter => value instanceof Parameter);
  const frozen = own.filter(({ requiresGrad, shape }) => !requiresGrad && shape.length > 1);
  return frozen.reduce((sum, parameter) => sum + parameter.numel(), 0);
}

function classNames(module: object): Set<string> {
  const names = new Set<string>();
  for (let p = Object.getPrototypeOf(module); p && p !== Object.prototype; p = Object.getPrototypeOf(p)) {
    names.add(p.constructor.name);
  }
  return names;
}

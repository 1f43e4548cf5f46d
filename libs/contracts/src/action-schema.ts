/** Kinds of value in a step's `with`. `text-map`: names to texts, numbers or booleans (inputs, variables, parameters). */
export type FieldType = 'text' | 'integer' | 'boolean' | 'map' | 'text-map' | 'list' | 'any' | 'secret';

/** Whether a field of type `integer` takes it: a whole number above 0, as ids and numbers of platforms are, which a template may have written as text. */
export const isWholeNumber = (value: string | number | bigint): boolean => /^[1-9]\d{0,15}$/.test(String(value));

export interface FieldSpec {
  /** `integer`: see `isWholeNumber`. */
  readonly type: FieldType;
  readonly required: boolean;
  readonly description: string;
  /** Allowed texts, where the platform takes only these. */
  readonly values?: readonly string[];
  /** Why a text without `${{ }}` can never be right there, and what is expected; undefined where it may be. */
  readonly faultOf?: (text: string) => string | undefined;
  /** The other field without which it is an id, so a whole number above 0, whatever it may be with it. */
  readonly idWithout?: string;
}

/** One of the outputs of an action, as later steps read it: `steps.<name>.outputs.<output>`. */
export interface OutputSpec {
  readonly type: 'text' | 'integer';
  readonly description: string;
}

/** What one `<connection>/<action>` takes; known to lint, the JSON Schema and the connector alike. */
export interface ActionSchema {
  readonly name: string;
  readonly description: string;
  readonly fields: Readonly<Record<string, FieldSpec>>;
  /** True: there is a platform run that can be followed to its end. `when-asked`: only with `await: true`, as an end is not always told. */
  readonly awaits: boolean | 'when-asked';
  /** True: accepted is all, unless the step names the pipeline whose run is to be waited for: `await: { pipeline: … }`. */
  readonly awaitsPipeline?: boolean;
  /** Every output by its name, as far as lint has to know them; absent: the other side chooses the names. */
  readonly outputs?: Readonly<Record<string, OutputSpec>>;
  /** The field that names the run of the platform which the action sets going again, where it does so. What it leaves out may be any run there. */
  readonly repeats?: string;
  /** The field that says where to go when the connection has no `url` of its own. */
  readonly addressField?: string;
  /** Fields of which a step has exactly one. */
  readonly exactlyOne?: readonly string[];
}

/** Actions per platform. */
export type ActionCatalog = Readonly<Partial<Record<string, readonly ActionSchema[]>>>;

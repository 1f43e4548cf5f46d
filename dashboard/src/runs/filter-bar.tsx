/** @jsxImportSource preact */
import type { JSX } from 'preact';
import { lookOf, RUN_STATES } from '../ui/states.js';
import type { ListFilter } from './filter.js';

interface Props {
  filter: ListFilter;
  flows: string[];
  onChange(filter: ListFilter): void;
}

const valueOf = (event: Event): string => (event.currentTarget as HTMLInputElement | HTMLSelectElement).value;

export const FilterBar = ({ filter, flows, onChange }: Props): JSX.Element => (
  <form class="filters" role="search" aria-label="Filter runs" onSubmit={(event) => event.preventDefault()}>
    <label>
      <span>Flow</span>
      <select name="flow" value={filter.flow} onChange={(event) => onChange({ ...filter, flow: valueOf(event) })}>
        <option value="">all</option>
        {flows.map((flow) => <option key={flow} value={flow}>{flow}</option>)}
      </select>
    </label>
    <label>
      <span>State</span>
      <select name="state" value={filter.state} onChange={(event) => onChange({ ...filter, state: valueOf(event) })}>
        <option value="">all</option>
        {RUN_STATES.map((state) => <option key={state} value={state}>{lookOf(state).label}</option>)}
      </select>
    </label>
    <label class="search">
      <span>Text</span>
      <input name="text" type="search" placeholder="repository, branch, commit, person …" value={filter.text}
        onInput={(event) => onChange({ ...filter, text: valueOf(event) })} />
    </label>
  </form>
);

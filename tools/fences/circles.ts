/**
 * The circles of a graph: its strongly connected components of more than one member, each sorted,
 * and members that lead to themselves. Tarjan's algorithm (SIAM J. Comput. 1972).
 */
export function circlesOf(
  members: Iterable<string>,
  next: (member: string) => readonly string[],
): readonly (readonly string[])[] {
  const search = new Search(next);
  for (const member of members) search.visit(member);
  return search.circles;
}

class Search {
  readonly circles: string[][] = [];
  /** Number at the first visit, and the smallest one reachable. */
  private readonly seen = new Map<string, { readonly at: number; low: number; open: boolean }>();
  private readonly path: string[] = [];

  constructor(private readonly next: (member: string) => readonly string[]) {}

  visit(member: string): number {
    const known = this.seen.get(member);
    if (known !== undefined) return known.open ? known.at : Infinity;
    const mark = { at: this.seen.size, low: this.seen.size, open: true };
    this.seen.set(member, mark);
    this.path.push(member);
    const others = this.next(member);
    for (const other of others) mark.low = Math.min(mark.low, this.visit(other));
    if (mark.low < mark.at) return mark.low;
    const component = this.path.splice(this.path.indexOf(member));
    for (const one of component) (this.seen.get(one) ?? mark).open = false;
    if (component.length > 1 || others.includes(member)) this.circles.push(component.sort());
    return Infinity;
  }
}

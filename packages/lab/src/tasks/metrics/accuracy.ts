/** How many of the answers are right. Knows no task. */

/** The fraction of items for which `right` holds. */
export function fractionRight<Item>(items: readonly Item[], right: (item: Item, index: number) => boolean): number {
  return items.filter(right).length / items.length;
}

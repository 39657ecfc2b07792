/// `sorted(items)` of Python for fewer than 64 items: a run from the start, then binary insertion.
///
/// `isLess` may add a guard for each question, so the pairs that it is asked about matter, not only the order.
///
/// Source: `count_run`, `binarysort`, `Objects/listobject.c` of CPython 3.11.
func sortedAsInPython<Item>(_ items: [Item], _ isLess: (Item, Item) -> Bool) -> [Item] {
  guard items.count > 1 else { return items }
  var sorted = items
  let isDescending = isLess(items[1], items[0])
  var run = 2
  while run < items.count, isLess(items[run], items[run - 1]) == isDescending { run += 1 }
  if isDescending { sorted[..<run].reverse() }
  for index in items.indices.dropFirst(run) {
    var (low, high) = (0, index)
    while low < high {
      let middle = (low + high) / 2
      if isLess(items[index], sorted[middle]) { high = middle } else { low = middle + 1 }
    }
    sorted.remove(at: index)
    sorted.insert(items[index], at: low)
  }
  return sorted
}

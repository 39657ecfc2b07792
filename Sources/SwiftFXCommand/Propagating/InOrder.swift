import Dispatch

/// Runs `body` for each of `items`, several at a time, and hands each result to `receive` in the order of the
/// items.
///
/// At most `width` bodies run at once. One that is slow holds the results of those behind it back, so no body
/// starts further than four times `width` ahead of the last result that was received: that many results wait
/// at most.
func forEachInOrder<Item: Sendable, Result: Sendable>(
  _ items: [Item], width: Int, _ body: @escaping @Sendable (Item) -> Result,
  receive: (_ index: Int, Result) -> Void
) async {
  await withTaskGroup(of: (index: Int, result: Result).self) { group in
    var waiting: [Int: Result] = [:]
    var (started, finished, received) = (0, 0, 0)
    while received < items.count {
      while started < items.count, started - finished < width, started - received < 4 * width {
        let (index, item) = (started, items[started])
        group.addTask { (index, body(item)) }
        started += 1
      }
      guard let next = await group.next() else { return }
      finished += 1
      waiting[next.index] = next.result
      while let result = waiting.removeValue(forKey: received) {
        receive(received, result)
        received += 1
      }
    }
  }
}

/// Runs `body` on other threads and waits for it.
///
/// Only for the main thread: a command that is not asynchronous as a whole starts no threads that it does not
/// need. A task that called this would wait on the very threads that it waits for.
func waitFor(_ body: @escaping @Sendable () async -> Void) {
  let done = DispatchSemaphore(value: 0)
  Task.detached {
    await body()
    done.signal()
  }
  done.wait()
}

import Dispatch

/// Runs `body` for each of `items`, several at a time, and passes each result to `receive` in the order of the items.
///
/// At most `width` bodies run at once. A slow one delays the results after it, so no body starts more than four times
/// `width` ahead of the last result received; that bounds the number of waiting results.
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
/// Only for the main thread: this lets commands stay synchronous and start no threads they do not need. A task that
/// called it would block the very threads it waits for.
func waitFor(_ body: @escaping @Sendable () async -> Void) {
  let done = DispatchSemaphore(value: 0)
  Task.detached {
    await body()
    done.signal()
  }
  done.wait()
}

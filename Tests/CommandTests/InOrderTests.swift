import Synchronization
import Testing

@testable import SwiftFXCommand

/// Several bodies run at a time, results arrive in order, and never more than the limit are in flight.
@Suite struct InOrderTests {
  /// What the bodies and the receiver observe.
  struct Watch {
    var running = 0
    var mostRunning = 0
    var furthestAhead = 0
    var received: [Int] = []
  }

  @Test(arguments: [1, 2, 3])
  func deliversResultsInOrder(_ width: Int) async {
    let watch = Mutex(Watch())
    let items = Array(0..<60)
    await forEachInOrder(
      items, width: width,
      { item in
        watch.withLock {
          $0.running += 1
          $0.mostRunning = max($0.mostRunning, $0.running)
          $0.furthestAhead = max($0.furthestAhead, item - $0.received.count)
        }
        // The first is the slowest by far; the others differ.
        let steps = item == 0 ? 3_000_000 : (item * 7_919) % 20_000
        let value = (0..<steps).reduce(item) { ($0 &* 31) ^ $1 }
        watch.withLock { $0.running -= 1 }
        return (item, value)
      },
      receive: { index, result in
        #expect(result.0 == index)
        watch.withLock { $0.received.append(result.0) }
      })
    let seen = watch.withLock { $0 }
    #expect(seen.received == items)
    #expect(seen.mostRunning <= width)
    #expect(seen.furthestAhead < 4 * width)
  }

  @Test func nothingToDo() async {
    await forEachInOrder([Int](), width: 2, { $0 }, receive: { _, _ in Issue.record("nothing was asked") })
  }
}

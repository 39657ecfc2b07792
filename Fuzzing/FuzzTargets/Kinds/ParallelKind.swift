import Dispatch

extension FuzzKind {
  /// With the thread sanitizer, this finds tables that programs share and change.
  static let parallel = FuzzKind("parallel", "inputs of other kinds at the same time, each on a thread") {
    choices in
    let others = all.filter { $0.name != "parallel" && $0.name != "command" }
    let inputs = (0..<4).map { _ in
      (kind: choices.pick(others), bytes: (0..<32).map { _ in choices.byte() })
    }
    DispatchQueue.concurrentPerform(iterations: inputs.count) { number in
      inputs[number].kind(inputs[number].bytes)
    }
    return 0
  }
}

import LibTorch
import SwiftFX

/// What `swiftfx check` says about the sizes of real inputs, before a program runs on them.
enum SizeRefusal {
  /// Why PyTorch refuses the sizes; `nil` when it does not, as far as can be known before.
  static func text(_ loaded: LoadedProgram, _ given: [String: PyTree<RealTensor>]) throws -> String? {
    // The check propagates a program again and again; the one that runs keeps its symbols.
    let checker = SizeChecker(try FakeProgram(loaded.exported), table: .aten)
    var inputs: [String] = []
    for (name, value) in given.sorted(by: { $0.key < $1.key }) {
      switch value {
      case .value(let tensor):
        inputs.append("\(name)=\(try tensor.sizes.map { "\($0)" }.joined(separator: "x"))")
      case .constant(.int(let number)): inputs.append("\(name)=\(number)")
      default: break
      }
    }
    // Ranks and other kinds of inputs are held against the program when it is given them.
    let patterns = inputs.compactMap { try? SizePattern($0) }.filter {
      (try? SizeRequest([$0], checker.rules)) != nil
    }
    let answer = checker.check(try SizeRequest(patterns, checker.rules))
    guard answer.verdict == .refused else { return nil }
    return CheckReport(loaded, inputs, checker, answer).text
  }
}

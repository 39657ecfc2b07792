import ATenOperators
import ArgumentParser
import FakeTensors
import OperatorSchemas

/// `fx-conformance operators`: lists the overloads of PyTorch and where the rule of each comes from.
struct OperatorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operators",
    abstract: "List every overload with 'rule', 'derived' (in-place and out= forms) or 'none', tab-separated."
  )

  func run() {
    for name in SchemaTable.allNames { print("\(name)\t\(origin(of: name))") }
  }

  private func origin(of name: OperatorName) -> String {
    guard let resolved = OperatorTable.aten.resolve(name) else { return "none" }
    return resolved.variant == .functional ? "rule" : "derived"
  }
}

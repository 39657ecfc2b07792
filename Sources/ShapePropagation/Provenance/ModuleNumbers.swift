import FX
import SymbolicShapes

/// Numbers the graphs of a program by the dotted paths of their modules; the root graph is 0.
struct ModuleNumbers {
  private(set) var paths = [""]
  private var numbers: [String: UInt32] = [:]

  mutating func number(of path: String) -> UInt32 {
    if path.isEmpty { return 0 }
    if let number = numbers[path] { return number }
    let number = UInt32(truncatingIfNeeded: paths.count)
    paths.append(path)
    numbers[path] = number
    return number
  }

  /// The module and the node behind an origin, if it is a node of a program with this root.
  func place(of origin: ShapeEnv.Origin, in root: GraphModule) -> Provenance? {
    guard origin != .input, Int(origin.graph) < paths.count else { return nil }
    let path = paths[Int(origin.graph)]
    guard let module = path.isEmpty ? root : root.submodule(at: path) else { return nil }
    return Provenance(Node(index: origin.step), of: module.graph, at: path)
  }
}

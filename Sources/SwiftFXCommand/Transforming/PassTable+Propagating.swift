import GraphPasses
import SwiftFX

extension PassTable {
  /// The passes that `swiftfx transform` knows, of which some need what propagation finds out about `exported`.
  static func passes(for exported: ExportedProgram?) -> PassTable {
    structural
      + PassTable([
        Entry(
          "runtime-asserts", "States the facts that propagation leaves to run time as asserts of the graph."
        ) { _ in
          GraphPass("runtime-asserts") { module in
            guard let exported else { return }
            let program = try FakeProgram(exported)
            let context = try program.edited(module, table: .aten)
            let result = context.propagate(program.inputs, options: PropagationOptions(trustsRecorded: true))
            if let error = result.error { throw error }
            try module.graph.insertDeferredRuntimeAsserts(
              values: result.values, bindings: { context.bindings(of: $0) }, shapes: program.shapes)
          }
        }
      ])
  }
}

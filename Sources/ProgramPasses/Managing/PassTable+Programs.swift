import FX
public import GraphPasses
import OperatorSchemas

extension PassTable<ProgramPass> {
  /// Every pass of this package that can be run on a program by name.
  public static var programs: PassTable {
    PassTable<GraphPass>.structural.map { ProgramPass($0) } + PassTable(rows)
  }

  private static var rows: [Entry] {
    [
      Entry(
        "decompose", "Writes operators in terms of core ATen ones, and writes to tensors as values.",
        parameters: [Parameter("keep", "an operator that stays, such as aten.linear; may be repeated")]
      ) { arguments in
        let kept = arguments.list("keep")
        if let unknown = kept.first(where: { SchemaTable.overloads(of: $0).isEmpty }) {
          throw GraphPassError(
            .badArgument(
              pass: "decompose", argument: "keep", problem: "names '\(unknown)', which PyTorch has not"))
        }
        return .decompose(kept.isEmpty ? .coreATen : .coreATen.without(Set(kept)))
      },
      Entry("fold-numbers", "Writes numbers that are the same for all inputs in place of their calls.") { _ in
        .foldNumbers
      },
      Entry("functionalize", "Writes in-place operators as values; what is written to inputs is returned.") {
        _ in
        .functionalize
      },
      Entry("implied-asserts", "Drops the asserts that are proved to follow from the others.") { _ in
        .dropImpliedAsserts
      },
      Entry("no-ops", "Removes copies and views that change nothing, such as double transposes.") { _ in
        .removeNoOps
      },
      Entry("reinplace", "Writes results into memory that nothing reads afterwards, for inference.") { _ in
        .reinplace
      },
      Entry(
        "runtime-asserts", "States the facts that propagation leaves to run time as asserts of the graph."
      ) {
        _ in .insertRuntimeAsserts
      },
    ]
  }
}

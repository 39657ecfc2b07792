import ATenOperators
import ExportedPrograms
import ProgramCosts
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

/// The memory and the operations of two programs, as formulas of B's symbols.
struct CostComparison {
  private(set) var differences: [ProgramDifference.CostDifference] = []
  /// Why the costs could not be compared.
  private(set) var reason: String?

  /// `symbols` are A's names with B's.
  init(_ a: ExportedProgram, _ b: ExportedProgram, _ symbols: [ProgramDifference.Pair]) throws {
    let costsA = ProgramCosts(try FakeProgram(a), table: .aten)
    let costsB = ProgramCosts(try FakeProgram(b), table: .aten)
    guard costsA.error == nil, costsB.error == nil else {
      reason = "\(costsA.error == nil ? "B" : "A") does not propagate"
      return
    }
    let names = symbols.namesInB
    let shapes = costsB.shapes
    for quantity in ProgramDifference.CostDifference.Quantity.allCases {
      let (sizeA, sizeB) = (costsA.total(quantity), costsB.total(quantity))
      let (textA, textB) = (
        costsA.shapes.text(of: sizeA).replacingWords { names[$0] }, shapes.text(of: sizeB)
      )
      // Without a counterpart of a symbol, texts are all that can be compared.
      let isKnown = costsA.symbols(of: sizeA).allSatisfy { names[$0] != nil }
      let translated = isKnown && sizeA != .tooLarge ? try? shapes.parse(textA) : nil
      if textA == textB || translated.map({ shapes.provesEqual($0, shapes.expression(sizeB)) }) == true {
        continue
      }
      let mentioned = (costsB.symbols(of: sizeB) + (translated.map { shapes.names(in: $0) } ?? []))
      differences.append(
        .init(
          quantity: quantity, formulas: .init(a: textA, b: textB),
          valueInA: translated.flatMap { costsB.value(of: shapes.symInt($0), at: costsB.example).number },
          valueInB: costsB.value(of: sizeB, at: costsB.example).number,
          sizes: costsB.exampleText(of: Set(mentioned))))
    }
  }
}

extension ProgramCosts {
  fileprivate func total(_ quantity: ProgramDifference.CostDifference.Quantity) -> SymInt {
    switch quantity {
    case .peak: peak.formula
    case .weights: weights
    case .inputs: inputs
    case .flops: flops
    }
  }

  fileprivate func symbols(of size: SymInt) -> [String] {
    size.symbolicExpression == nil || size == .tooLarge ? [] : shapes.names(in: shapes.expression(size))
  }

  /// The example sizes of some symbols: `s0=8 s1=3`.
  fileprivate func exampleText(of names: Set<String>) -> String {
    example.entries.compactMap { entry in
      let name = shapes.arena.name(of: entry.symbol)
      return names.contains(name) ? "\(name)=\(entry.value)" : nil
    }.joined(separator: " ")
  }
}

extension ShapeEnv {
  fileprivate func names(in expression: SymExpr) -> [String] {
    arena.freeSymbols(of: expression).map { arena.name(of: $0) }
  }
}

import Foundation
import SwiftFX
import Testing

/// A case recorded by `Scripts/record_open_questions.py`: an operator on `x[mask]`, and PyTorch's result.
struct OpenQuestionCase: CustomTestStringConvertible, Sendable {
  let target: String
  let arguments: [Argument]
  let message: String?
  var testDescription: String { target }

  enum Argument: Sendable {
    case int(Int)
    case ints([Int])
    case bool(Bool)
    case node(String)
  }

  static let all: [OpenQuestionCase] = {
    guard let url = Bundle.module.url(forResource: "Goldens/open_questions", withExtension: "json"),
      let data = try? Data(contentsOf: url),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = object["cases"] as? [[String: Any]]
    else { return [] }
    return cases.map { entry in
      OpenQuestionCase(
        target: entry["operator"] as? String ?? "",
        arguments: (entry["arguments"] as? [Any] ?? []).map { value in
          switch value {
          case let name as String: .node(name)
          case let list as [Int]: .ints(list)
          case let number as NSNumber:
            String(cString: number.objCType) == "c" ? .bool(number.boolValue) : .int(number.intValue)
          default: .int(0)
          }
        }, message: entry["message"] as? String)
    }
  }()
}

/// A data-dependent decision is made where PyTorch makes it, about the same expression.
@Suite struct OpenQuestionTests {
  @Test func thereAreCases() { #expect(OpenQuestionCase.all.count > 20) }

  @Test(arguments: OpenQuestionCase.all) func stopsWherePyTorchStops(_ golden: OpenQuestionCase) {
    var program = AuthoredProgram()
    let arguments = golden.arguments.map { argument -> Node.Argument in
      switch argument {
      case .int(let value): .int(value)
      case .ints(let values): .list(values.map { .int($0) })
      case .bool(let value): .bool(value)
      case .node(let name): .node(name == "x" ? program.x : program.rows)
      }
    }
    let result = program.call("y = f(rows)", golden.target, [.node(program.rows)] + arguments)
    program.graph.output(.node(result))
    let error = program.context.propagate(program.inputs).error
    guard let message = golden.message else {
      #expect(error?.isDataDependent ?? false == false, "\(error.map { "\($0)" } ?? "")")
      return
    }
    #expect(error?.isDataDependent == true, "\(error.map { "\($0)" } ?? "none")")
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "none")")
  }
}

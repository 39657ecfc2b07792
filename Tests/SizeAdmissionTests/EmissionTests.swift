import Foundation
import Testing

@testable import SizeAdmission

/// A check emitted as source agrees with the compiled check.
@Suite struct EmissionTests {
  @Test(arguments: AdmissionGolden.all + AdmissionGolden.edges) func pythonAgrees(
    _ golden: AdmissionGolden
  ) throws {
    guard let python = Tool.find("python3") else { return }
    let (check, cases) = try prepared(golden)
    let source = AdmissionSource(check, in: .python, title: golden.name)
    #expect(source.unchecked.allSatisfy { $0.reason.hasSuffix("known only at run time") })
    let calls = cases.map { arguments($0.sizes, check, open: "[", close: "]") }.joined(separator: ",), (")
    let main = "\nfor sizes in [(\(calls),)]:\n    print(refusal(*sizes) is None)\n"
    let output = try Tool.run(python, ["-c", source.text + main])
    #expect(output.split(separator: "\n").map { $0 == "True" } == cases.map(\.isAdmitted))
  }

  @Test(arguments: AdmissionGolden.all + AdmissionGolden.edges) func cAgrees(_ golden: AdmissionGolden) throws
  {
    guard let compiler = Tool.find("cc") else { return }
    let (check, cases) = try prepared(golden)
    let source = AdmissionSource(check, in: .c, title: golden.name)
    #expect(source.unchecked.allSatisfy { $0.reason.hasSuffix("known only at run time") })
    let calls = cases.map { entry in
      let sizes = arguments(entry.sizes, check, open: "(const int64_t[]){", close: "}")
      return "  printf(\"%d\\n\", refusal(\(sizes)) == NULL);\n"
    }.joined()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftfx-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("check.c").path
    let text = "#include <stdio.h>\n\(source.text)\nint main(void) {\n\(calls)  return 0;\n}\n"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let binary = folder.appendingPathComponent("check").path
    #expect(
      try Tool.run(
        compiler, ["-std=c11", "-Wall", "-Wno-unused-function", "-Werror", "-o", binary, file, "-lm"]) == "")
    #expect(try Tool.run(binary, []).split(separator: "\n").map { $0 == "1" } == cases.map(\.isAdmitted))
  }

  /// The expected text was compiled and run by hand; its answers are in the row above it.
  @Test func emitsSwift() throws {
    let checker = try checker("misc_dim_auto_derived_213")
    let text = AdmissionSource(checker.admissionCheck(), in: .swift, title: "derived").text
    #expect(text.hasPrefix("// Sizes that derived takes.\n\n/// The constraint"))
    #expect(text.contains("func refusal(x: [Int], y: [Int], z: [Int]) -> String? {"))
    #expect(text.contains("  guard x.count == 2 else { return \"x has 2 dims\" }"))
    #expect(
      text.contains(
        "  guard y[0] == multiply(x[0], 2), !bad else { return \"y.size()[0] == 2*x.size()[0]\" }"))
    #expect(text.hasSuffix("  return nil\n}\n"))
  }

  /// Reserved words, and names that are not identifiers.
  @Test func namesBecomeIdentifiers() {
    let check = AdmissionCheck(
      parameters: ["def", "x.1", "x_1", "t0", "1st", "größe"].map {
        AdmissionCheck.Parameter(input: $0, dim: nil, constant: nil)
      }, constraints: [], program: RegisterCompiler(parameterCount: 6).finished())
    let text = AdmissionSource(check, in: .python, title: "a\nb").text
    #expect(text.contains("def refusal(def_, x_1, x_1_, t0_, _1st, gr__e):"))
    #expect(!text.contains("a\nb"))
  }

  /// Asserts on unbacked values are listed rather than silently omitted.
  @Test(arguments: SourceLanguage.allCases) func rulesThatAreNotCheckedAreNamed(
    _ language: SourceLanguage
  ) throws {
    let checker = try checker("unb_many_asserts_213")
    let check = checker.admissionCheck()
    let source = AdmissionSource(check, in: language, title: "asserts")
    let left = check.constraints.filter { $0.fate == .needsRun }
    #expect(!left.isEmpty)
    let comments = source.text.split(separator: "\n").filter {
      $0.hasPrefix(language == .python ? "#" : "//")
    }
    for constraint in left {
      #expect(comments.contains { $0.contains(constraint.text) && $0.contains("known only at run time") })
    }
    #expect(source.unchecked.count == check.constraints.count { ![.checked, .implied].contains($0.fate) })
  }

  /// No text of an archive ends a comment or a literal.
  @Test(arguments: SourceLanguage.allCases) func textsAreEscaped(_ language: SourceLanguage) {
    let text = "a \"b\" \\\n*/ ??/ \u{2028}\u{202E}\r coding: x \0 \\"
    let check = AdmissionCheck(
      parameters: [],
      constraints: [
        AdmissionCheck.Constraint(text: text, force: .checked, origins: [], rule: nil, fate: .needsRun)
      ], program: RegisterCompiler(parameterCount: 0).finished())
    let source = AdmissionSource(check, in: language, title: text)
    let plain = AdmissionSource(
      AdmissionCheck(parameters: [], constraints: [], program: check.program), in: language, title: "x")
    let added = source.text.split(separator: "\n").count - plain.text.split(separator: "\n").count
    #expect(added == 1)
    #expect(!source.text.contains("coding:"))
    for line in source.text.split(separator: "\n") { #expect(!line.hasSuffix("\\")) }
    let literal = language.quoted(text)
    let quote = String(literal.prefix(1))
    let inside = literal.dropFirst().dropLast().replacing("\\\\", with: "").replacing("\\" + quote, with: "")
    #expect(!inside.contains(quote))
    #expect(language != .c || !literal.contains("??"))
  }

  private func prepared(
    _ golden: AdmissionGolden
  ) throws -> (AdmissionCheck, [(sizes: [Int], isAdmitted: Bool)]) {
    let checker = try checker(golden.name)
    let check = checker.admissionCheck()
    return (check, golden.cases.map { ($0.sizes, [.admitted, .unexplored].contains(check.check($0.sizes))) })
  }

  /// The sizes as the arguments of a call, with those of a tensor in brackets.
  private func arguments(_ sizes: [Int], _ check: AdmissionCheck, open: String, close: String) -> String {
    var arguments: [(input: String, isTensor: Bool, sizes: [String])] = []
    for (parameter, size) in zip(check.parameters, sizes) {
      if arguments.last?.input != parameter.input {
        arguments.append((parameter.input, parameter.dim != nil, []))
      }
      arguments[arguments.count - 1].sizes.append("\(size)")
    }
    return arguments.map { $0.isTensor ? open + $0.sizes.joined(separator: ", ") + close : $0.sizes[0] }
      .joined(separator: ", ")
  }
}

/// An external program.
private enum Tool {
  static func find(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// The program's standard output, followed by its errors.
  static func run(_ path: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }
}

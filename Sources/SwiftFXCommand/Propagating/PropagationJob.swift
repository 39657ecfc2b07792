import ArgumentParser
import SwiftFX

/// What `swiftfx propagate` does with one archive: read, propagate, describe.
///
/// The outcome is text, so the program can be freed before it is printed.
struct PropagationJob: Sendable {
  /// The program's name in an archive that holds several.
  var model: String?
  var printsJSON = false
  var printsSARIF = false
  var showsAll = false
  /// Whether all findings are reported, not only the first.
  var keepsGoing = false
  /// Whether the outcome must name its archive.
  var isOneOfSeveral = false
  var options = PropagationOptions()
  /// What the inputs of a text are, where the text does not say it.
  var inputs = GivenInputs()

  /// The output for one archive and its exit code.
  struct Outcome: Sendable {
    var output: [UInt8] = []
    var errors: [UInt8] = []
    var status: Int32 = 0
  }

  func run(_ path: String) -> Outcome {
    do {
      let model = try LoadedModel(path, model: self.model, inputs: inputs)
      if let document = model.document { return outcome(of: document, model.programs) }
      let loaded = model.programs[0]
      var outcome = try propagate(loaded)
      outcome.errors = Array(loaded.noteText.utf8) + outcome.errors
      return outcome
    } catch {
      return unreadable(path, error)
    }
  }

  /// The outcome for what cannot be read, or contradicts itself.
  private func unreadable(_ path: String, _ error: any Error) -> Outcome {
    let told = error as? ModelError
    let text = told.map { Escaped.line($0.description) } ?? "\(Escaped.line(path)): \(error)"
    var outcome = Outcome(
      errors: Array(Escaped.terminal("error: \(text)\n").utf8),
      status: ExitStatus.badInput.rawValue)
    if printsJSON, isOneOfSeveral || told?.position != nil {
      outcome.output = PropagationJSON.bytes(
        unreadable: isOneOfSeveral ? path : nil, because: told?.message ?? "\(error)", at: told?.position)
    }
    return outcome
  }

  /// The outcome of all graphs of a text.
  private func outcome(of document: LoadedDocument, _ programs: [LoadedProgram]) -> Outcome {
    if printsSARIF, programs.count != 1 {
      let text =
        "error: \(Escaped.line(document.path)): --sarif takes one graph; this text holds \(programs.count)\n"
      return Outcome(errors: Array(Escaped.terminal(text).utf8), status: ExitStatus.wrongUsage.rawValue)
    }
    var outcomes: [Outcome] = []
    for program in programs {
      do { outcomes.append(try propagate(program)) } catch { return unreadable(document.path, error) }
    }
    guard printsJSON else {
      var total = Outcome()
      for outcome in outcomes {
        if !total.output.isEmpty { total.output.append(0x0A) }
        total.output += outcome.output
        total.errors += outcome.errors
        total.status = max(total.status, outcome.status)
      }
      if programs.isEmpty {
        total.output = Array(Escaped.terminal(EnvironmentReport(document.document.environments).text).utf8)
      }
      return total
    }
    if outcomes.count == 1 { return outcomes[0] }
    return Outcome(
      output: PropagationJSON.bytes(
        graphs: outcomes.map(\.output), document.document.environments,
        naming: isOneOfSeveral ? document.path : nil),
      errors: outcomes.flatMap(\.errors), status: outcomes.map(\.status).max() ?? 0)
  }

  /// - Throws: ``ModelError`` for a text that PyTorch cannot have printed.
  private func propagate(_ loaded: LoadedProgram) throws -> Outcome {
    var outcome = try described(loaded)
    let note = SpentBudget.note(loaded.path, loaded.program.shapes.hasSpentAnyBudget)
    outcome.errors = Array(note.utf8) + outcome.errors
    return outcome
  }

  private func described(_ loaded: LoadedProgram) throws -> Outcome {
    let start = ContinuousClock.now
    let result = loaded.context.propagate(loaded.program.inputs, options: options)
    let seconds = start.duration(to: .now).seconds
    if let text = loaded.text, !options.trustsRecorded,
      let error = TextCheck(loaded, text).error(in: result)
    {
      throw ModelError(loaded.path, error)
    }
    if keepsGoing { return survey(loaded, result, seconds) }
    // The same exit code as for text: a consumer of JSON may check nothing else.
    let status = result.error == nil ? 0 : ExitStatus.finding.rawValue
    if printsJSON {
      return Outcome(
        output: PropagationJSON.bytes(
          loaded, result, propagateSeconds: seconds,
          naming: isOneOfSeveral && loaded.text == nil ? loaded.path : nil),
        status: status)
    }
    let report = PropagationReport(loaded, result, propagateSeconds: seconds, showsAll: showsAll)
    var outcome = Outcome(output: Array(Escaped.terminal(report.text).utf8) + [0x0A], status: status)
    if let error = result.error {
      let survey =
        error.isDataDependent ? loaded.context.survey(loaded.program.inputs, options: options) : nil
      let told = survey.flatMap { FindingsReport($0, showsAll: showsAll).firstText }
      outcome.errors = errorText(loaded.path, (told ?? "\(error)") + options(after: error))
    }
    return outcome
  }

  /// The options that make the command continue past an error.
  private func options(after error: PropagationError) -> String {
    guard case .unsupportedOperators = error.kind else { return "" }
    return "\n  options  --trust-recorded takes the recorded values, --keep-going names all nodes"
  }

  /// If `plain` was stopped by an error, continues past it and reports all findings.
  private func survey(_ loaded: LoadedProgram, _ plain: Propagation, _ seconds: Double) -> Outcome {
    let survey =
      plain.error == nil ? nil : loaded.context.survey(loaded.program.inputs, options: options)
    let result = survey?.propagation ?? plain
    let status = survey == nil ? 0 : ExitStatus.finding.rawValue
    if printsJSON {
      return Outcome(
        output: PropagationJSON.bytes(
          loaded, result, propagateSeconds: seconds,
          naming: isOneOfSeveral && loaded.text == nil ? loaded.path : nil,
          findings: PropagationJSON.Findings(stop: plain.error, survey: survey)),
        status: status)
    }
    if printsSARIF {
      return Outcome(
        output: FindingsSARIF.bytes(survey?.findings ?? [], archive: loaded.path), status: status)
    }
    let report = PropagationReport(loaded, result, propagateSeconds: seconds, showsAll: showsAll)
    let findings = survey.map { FindingsReport($0, showsAll: showsAll).text } ?? "  findings  none"
    return Outcome(output: Array(Escaped.terminal("\(report.text)\n\n\(findings)\n").utf8), status: status)
  }

  private func errorText(_ archive: String, _ message: String) -> [UInt8] {
    Array(Escaped.terminal("error: \(Escaped.line(archive)): \(message)\n").utf8)
  }
}

import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Sequences of different lengths in one tensor.
let paddedSequences: [OperatorRow] = [
  OperatorRow("pad_sequence", padSequence)
]

/// `pad_sequence(Tensor[] sequences, bool batch_first=False, float padding_value=0., str padding_side="right") ->
/// Tensor`: `[longest, count, *]`, or with `batch_first` `[count, longest, *]`; contiguous, of the first one's dtype.
///
/// - Throws: a refusal for an empty list, another side, sequences whose other sizes differ.
/// - Guards: which of two lengths is larger, up to PyTorch 2.13.
/// - Source: `pad_sequence`, `torch/_decomp/decompositions.py`.
@Sendable
private func padSequence(_ call: OperatorCall) throws -> FakeValue {
  let (sequences, shapes) = (try call.tensors(0), call.shapes)
  let side = try call.string(3)
  try call.require(
    side == "left" || side == "right", "Expected padding_side to be one of left or right, but got \(side).")
  guard let first = sequences.first else { throw call.refusal("received an empty list of sequences") }
  var longest = try call.size(first, 0)
  for sequence in sequences.dropFirst() {
    let length = try call.size(sequence, 0)
    if call.has(.padsSequencesSymbolically) {
      longest = shapes.max(longest, length)
    } else if try call.evaluate(shapes.gt(length, longest)) {
      longest = length
    }
  }
  let rest = Sizes(first.sizes.dropFirst())
  for sequence in sequences {
    func law() -> String {
      "the sizes of all sequences must be \(shapes.shortText(of: rest)) behind the length, but got "
        + shapes.shortText(of: sequence.sizes)
    }
    try call.require(sequence.rank == first.rank, law())
    try call.check(call.views.allEqual(Sizes(sequence.sizes.dropFirst()), rest), law())
  }
  let count = SymInt(sequences.count)
  let sizes: Sizes = try call.bool(1) ? [count, longest] : [longest, count]
  return .tensor(call.newTensor(sizes.appending(contentsOf: rest), like: first))
}

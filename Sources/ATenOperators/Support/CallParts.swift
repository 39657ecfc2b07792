import FakeTensors
import SymbolicShapes

// What rules share is in one type for each topic rather than in the call itself. Such a part works for one call: it
// creates tensors in the call's mode, and its errors name the call's operator.

/// Views of tensors, and the copies that replace them.
struct Views: CallPart {
  let call: OperatorCall
}

/// Python numbers, any of which may be symbolic: reading, converting and computing with them.
struct Numbers: CallPart {
  let call: OperatorCall
}

/// Operators on matrices: checks, products, factorizations, solvers.
struct Matrices: CallPart {
  let call: OperatorCall
}

/// Reductions: their dims, the sizes and strides of their results, and norms.
struct Reducing: CallPart {
  let call: OperatorCall
}

/// The Fourier transforms from which other transforms are composed.
struct Fourier: CallPart {
  let call: OperatorCall
}

/// A part of a call.
protocol CallPart {
  /// The call that the part works for.
  var call: OperatorCall { get }
}

extension CallPart {
  var mode: FakeTensorMode { call.mode }
  var shapes: ShapeEnv { call.shapes }
}

extension OperatorCall {
  var views: Views { Views(call: self) }
  var numbers: Numbers { Numbers(call: self) }
  var matrices: Matrices { Matrices(call: self) }
  var reducing: Reducing { Reducing(call: self) }
  var fourier: Fourier { Fourier(call: self) }
}

import FX
import GraphPasses
import Testing

@Suite struct ProxyOperatorTests {
  /// What `symbolic_trace` of PyTorch 2.13 records for the same expressions.
  @Test func operatorsAreRecordedAsPythonsOwn() {
    let module = GraphModule(tracing: "x", "y") { x, y in
      let sum = 1 - (x + y) * 2 / y
      let bits = ~((x & 3) | (y ^ x) << 2) >> 1
      return [-sum % 3, bits, x.matmul(y), x .<= 2.5, x .!= y]
    }
    #expect(
      "\(module.graph)" == """
        graph():
            %x : [num_users=6] = placeholder[target=x]
            %y : [num_users=5] = placeholder[target=y]
            %add : [num_users=1] = call_function[target=operator.add](args = (%x, %y), kwargs = {})
            %mul : [num_users=1] = call_function[target=operator.mul](args = (%add, 2), kwargs = {})
            %truediv : [num_users=1] = call_function[target=operator.truediv](args = (%mul, %y), kwargs = {})
            %sub : [num_users=1] = call_function[target=operator.sub](args = (1, %truediv), kwargs = {})
            %and_ : [num_users=1] = call_function[target=operator.and_](args = (%x, 3), kwargs = {})
            %xor : [num_users=1] = call_function[target=operator.xor](args = (%y, %x), kwargs = {})
            %lshift : [num_users=1] = call_function[target=operator.lshift](args = (%xor, 2), kwargs = {})
            %or_ : [num_users=1] = call_function[target=operator.or_](args = (%and_, %lshift), kwargs = {})
            %invert : [num_users=1] = call_function[target=operator.invert](args = (%or_,), kwargs = {})
            %rshift : [num_users=1] = call_function[target=operator.rshift](args = (%invert, 1), kwargs = {})
            %neg : [num_users=1] = call_function[target=operator.neg](args = (%sub,), kwargs = {})
            %mod : [num_users=1] = call_function[target=operator.mod](args = (%neg, 3), kwargs = {})
            %matmul : [num_users=1] = call_function[target=operator.matmul](args = (%x, %y), kwargs = {})
            %le : [num_users=1] = call_function[target=operator.le](args = (%x, 2.5), kwargs = {})
            %ne : [num_users=1] = call_function[target=operator.ne](args = (%x, %y), kwargs = {})
            return (mod, rshift, matmul, le, ne)
        """)
  }
}

namespace AlexNetTF;

/// <summary>
/// The operators + − * / % on tensors, as in Python: they make AddV2 named <c>add</c>, Sub named <c>sub</c>, Mul named
/// <c>mul</c>, RealDiv named <c>truediv</c>, FloorMod named <c>mod</c>. One side may be a number or an array.
/// </summary>
public static class TensorOperators
{
    extension(Tensor)
    {
        /// <summary>The sum by elements, with NumPy's broadcasting.</summary>
        public static Tensor operator +(Tensor x, Tensor y) => MathOps.Binary(new AddV2Op(), x, y, "add");

        /// <summary>The sum by elements, with NumPy's broadcasting.</summary>
        public static Tensor operator +(Tensor x, Operand y) => MathOps.Binary(new AddV2Op(), x, y, "add");

        /// <summary>The sum by elements, with NumPy's broadcasting.</summary>
        public static Tensor operator +(Operand x, Tensor y) => MathOps.Binary(new AddV2Op(), x, y, "add");

        /// <summary>The difference by elements, with NumPy's broadcasting.</summary>
        public static Tensor operator -(Tensor x, Tensor y) => MathOps.Binary(new SubOp(), x, y, "sub");

        /// <summary>The difference by elements, with NumPy's broadcasting.</summary>
        public static Tensor operator -(Tensor x, Operand y) => MathOps.Binary(new SubOp(), x, y, "sub");

        /// <summary>The difference by elements, with NumPy's broadcasting.</summary>
        public static Tensor operator -(Operand x, Tensor y) => MathOps.Binary(new SubOp(), x, y, "sub");

        /// <summary>The product by elements, with NumPy's broadcasting.</summary>
        public static Tensor operator *(Tensor x, Tensor y) => MathOps.Binary(new MulOp(), x, y, "mul");

        /// <summary>The product by elements, with NumPy's broadcasting.</summary>
        public static Tensor operator *(Tensor x, Operand y) => MathOps.Binary(new MulOp(), x, y, "mul");

        /// <summary>The product by elements, with NumPy's broadcasting.</summary>
        public static Tensor operator *(Operand x, Tensor y) => MathOps.Binary(new MulOp(), x, y, "mul");

        /// <summary>The true quotient by elements, see <see cref="MathOps.TrueDiv"/>.</summary>
        public static Tensor operator /(Tensor x, Tensor y) => MathOps.TrueDiv(x, y);

        /// <summary>The true quotient by elements, see <see cref="MathOps.TrueDiv"/>.</summary>
        public static Tensor operator /(Tensor x, Operand y) => MathOps.TrueDiv(x, y);

        /// <summary>The true quotient by elements, see <see cref="MathOps.TrueDiv"/>.</summary>
        public static Tensor operator /(Operand x, Tensor y) => MathOps.TrueDiv(x, y);

        /// <summary>What a division rounded down leaves, see <see cref="MathOps.FloorMod"/>.</summary>
        public static Tensor operator %(Tensor x, Tensor y) => MathOps.Binary(new FloorModOp(), x, y, "mod");

        /// <summary>What a division rounded down leaves, see <see cref="MathOps.FloorMod"/>.</summary>
        public static Tensor operator %(Tensor x, Operand y) => MathOps.Binary(new FloorModOp(), x, y, "mod");

        /// <summary>What a division rounded down leaves, see <see cref="MathOps.FloorMod"/>.</summary>
        public static Tensor operator %(Operand x, Tensor y) => MathOps.Binary(new FloorModOp(), x, y, "mod");

        /// <summary>The negated elements, see <see cref="MathOps.Neg"/>.</summary>
        public static Tensor operator -(Tensor x) => MathOps.Neg(x);
    }
}

namespace AlexNetTF.TensorFlow.Tests;

/// <content>Element-wise maths and reductions.</content>
internal static partial class OpCases
{
    private static IEnumerable<OpCase> Unary =>
    [
        One("Abs", g => MathOps.Abs(g.Of(3, 7)), Numbers),
        One("Ceil", g => MathOps.Ceil(g.Of(3, 7)), Floats),
        One("Cos", g => MathOps.Cos(g.Of(3, 7)), Floats),
        One("Exp", g => MathOps.Exp(g.Of(3, 7)), Floats),
        One("Floor", g => MathOps.Floor(g.Of(3, 7)), Floats),
        One("IsFinite", g => MathOps.IsFinite(MathOps.Log(g.Of(3, 7))), Floats, gradients: false),
        One("IsNan", g => MathOps.IsNan(MathOps.Log(g.Of(3, 7))), Floats, gradients: false),
        One("Log", g => MathOps.Log(g.In(0.1, 9, 3, 7)), Floats),
        One("Log1p", g => MathOps.Log1p(g.In(-0.5, 9, 3, 7)), Floats),
        One("Log of special values", g => MathOps.Log(g.Values([0, -0.0, -1, double.NaN, double.PositiveInfinity, 1])), Floats),
        One("LogicalNot", g => MathOps.LogicalNot(g.Bools(9)), Floats),
        One("Neg", g => MathOps.Neg(g.Of(3, 7)), Numbers),
        One("Reciprocal", g => MathOps.Reciprocal(g.In(1, 5, 3, 7)), Floats),
        One("Reciprocal twice differentiated", g => Again(g, MathOps.Reciprocal), Floats),
        One("Rsqrt", g => MathOps.Rsqrt(g.In(0.5, 9, 3, 7)), Floats),
        One("Rsqrt twice differentiated", g => Again(g, MathOps.Rsqrt), Floats),
        One("Sigmoid", g => MathOps.Sigmoid(g.Of(3, 7)), Floats),
        One("Sigmoid twice differentiated", g => Again(g, MathOps.Sigmoid), Floats),
        One("Sign", g => MathOps.Sign(g.Whole(-3, 3, 3, 7)), Numbers),
        One("Sin", g => MathOps.Sin(g.Of(3, 7)), Floats),
        One("Sqrt", g => MathOps.Sqrt(g.In(0.1, 9, 3, 7)), Floats),
        One("Sqrt twice differentiated", g => Again(g, MathOps.Sqrt), Floats),
        One("Square", g => MathOps.Square(g.Of(3, 7)), Numbers),
        One("Tanh", g => MathOps.Tanh(g.Of(3, 7)), Floats),
        One("Tanh twice differentiated", g => Again(g, MathOps.Tanh), Floats),
        One("OnesLike", g => ArrayOps.OnesLike(g.Of(3, 7), optimize: false), AllAndBool),
        One("OnesLike itself", g => g.Graph.Add(new OnesLikeOp(), [g.Of(3, 7)]), AllAndBool),
        One("ZerosLike", g => ArrayOps.ZerosLike(g.Of(3, 7), optimize: false), AllAndBool),
        .. from target in AllAndBool select One($"Cast to {target.Name()}", g => MathOps.Cast(g.In(0, 100, 3, 7), target), AllAndBool),
        One("ClipByValue", g => MathOps.ClipByValue(g.Of(3, 7), g.Number(-1), g.Number(2)), Floats),
        new("ClipByGlobalNorm", g => [.. MathOps.ClipByGlobalNorm([g.Of(3, 7), g.Of(2)], g.Number(2)).Clipped.Select(tensor => tensor!)], Floats),
    ];

    private static IEnumerable<OpCase> Binary =>
    [
        .. Broadcast("Add", (x, y) => MathOps.Add(x, y), All),
        .. Broadcast("AddV2", (x, y) => MathOps.AddV2(x, y), All),
        .. Broadcast("Sub", (x, y) => MathOps.Sub(x, y), All),
        .. Broadcast("Mul", (x, y) => MathOps.Mul(x, y), All),
        .. Broadcast("Maximum", (x, y) => MathOps.Maximum(x, y), Numbers),
        .. Broadcast("Minimum", (x, y) => MathOps.Minimum(x, y), Numbers),
        .. Broadcast("SquaredDifference", (x, y) => MathOps.SquaredDifference(x, y), Numbers),
        One("Maximum of ties", g => MathOps.Maximum(g.Whole(0, 3, 50), g.Whole(0, 3, 50)), Numbers),
        One("Minimum of ties", g => MathOps.Minimum(g.Whole(0, 3, 50), g.Whole(0, 3, 50)), Numbers),
        .. from op in new (string Name, Func<Tensor, Tensor, Tensor> Make)[]
        {
            ("Equal", (x, y) => MathOps.Equal(x, y)), ("NotEqual", (x, y) => MathOps.NotEqual(x, y)),
            ("Less", (x, y) => MathOps.Less(x, y)), ("LessEqual", (x, y) => MathOps.LessEqual(x, y)),
            ("Greater", (x, y) => MathOps.Greater(x, y)), ("GreaterEqual", (x, y) => MathOps.GreaterEqual(x, y)),
        }
        select One(op.Name, g => op.Make(g.Whole(0, 3, 4, 5), g.Whole(0, 3, 5)), All),
        One("LogicalAnd", g => MathOps.LogicalAnd(g.Bools(4, 5), g.Bools(5)), Floats),
        One("LogicalOr", g => MathOps.LogicalOr(g.Bools(4, 5), g.Bools(5)), Floats),
        One("Div", g => MathOps.Div(g.Of(3, 7), g.In(1, 5, 7)), Numbers),
        One("Div itself", g => g.Graph.Add(new DivOp(), [g.Of(3, 7), g.In(1, 5, 7)]), Numbers),
        One("DivNoNan", g => g.Graph.Add(new DivNoNanOp(), [g.Of(3, 7), g.Whole(-2, 3, 7)]), Floats),
        One("RealDiv", g => MathOps.RealDiv(g.Of(3, 7), g.In(1, 5, 7)), Floats),
        One("TrueDiv", g => MathOps.TrueDiv(g.Of(3, 7), g.In(1, 5, 7)), Numbers),
        One("FloorDiv", g => MathOps.FloorDiv(g.In(-9, 9, 3, 7), g.In(1, 5, 7)), Numbers, gradients: false),
        One("FloorMod", g => MathOps.FloorMod(g.In(-9, 9, 3, 7), g.In(1, 5, 7)), Numbers),
        One("TruncateDiv", g => MathOps.TruncateDiv(g.In(-9, 9, 3, 7), g.In(1, 5, 7)), [DType.Int32, DType.Int64]),
        One("Pow", g => MathOps.Pow(g.In(0.5, 3, 3, 7), g.In(-2, 3, 7)), Floats),
        One("Pow of integers", g => MathOps.Pow(g.In(-3, 4, 3, 7), g.In(0, 4, 7)), [DType.Int32, DType.Int64]),
        One("MatMul", g => MathOps.MatMul(g.Of(5, 9), g.Of(9, 4)), Numbers),
        One("MatMul of transposed", g => MathOps.MatMul(g.Of(9, 5), g.Of(4, 9), true, true), Numbers),
        One("MatMul, first transposed", g => MathOps.MatMul(g.Of(9, 5), g.Of(9, 4), true), Floats),
        One("MatMul, second transposed", g => MathOps.MatMul(g.Of(5, 9), g.Of(4, 9), false, true), Floats),
        One("MatMul, large", g => MathOps.MatMul(g.Of(33, 300), g.Of(300, 130)), Floats),
        One("AddN", g => MathOps.AddN([g.Of(3, 7), g.Of(3, 7), g.Of(3, 7)]), Numbers),
        One("Select", g => MathOps.Where(g.Bools(3, 7), g.Of(3, 7), g.Of(3, 7)), All),
        One("Select by rows", g => MathOps.Where(g.Bools(3), g.Of(3, 7), g.Of(3, 7)), All),
        One("SelectV2", g => MathOps.WhereV2(g.Bools(3, 1), g.Of(3, 7), g.Of(7)), All),
    ];

    private static IEnumerable<OpCase> Reductions =>
    [
        .. Reduce("Sum", (x, axis, keep) => MathOps.Sum(x, axis, keep), Numbers),
        .. Reduce("Mean", (x, axis, keep) => MathOps.Mean(x, axis, keep), Numbers),
        .. Reduce("Max", (x, axis, keep) => MathOps.Max(x, axis, keep), Numbers),
        .. Reduce("Min", (x, axis, keep) => MathOps.Min(x, axis, keep), Numbers),
        .. Reduce("Prod", (x, axis, keep) => MathOps.Prod(x, axis, keep), Numbers),
        One("Max of ties", g => MathOps.Max(g.Whole(0, 3, 4, 6), [1]), Floats),
        One("All", g => MathOps.All(g.Bools(3, 2), [1]), Floats),
        One("Any", g => MathOps.Any(g.Bools(3, 2), [0], true), Floats),
        One("ArgMax", g => MathOps.ArgMax(g.Whole(0, 4, 3, 7), 1), Numbers),
        One("ArgMax as int32", g => MathOps.ArgMax(g.Of(3, 7, 2), 1, DType.Int32), Numbers),
        One("ArgMin", g => MathOps.ArgMin(g.Whole(0, 4, 3, 7), 0), Numbers),
        One("L2Loss", g => AlexNetTF.Nn.L2Loss(g.Of(3, 7)), Floats),
        One("Cumprod", g => g.Graph.Add(new CumprodOp(false, false), [g.In(-2, 2, 3, 5), g.Graph.Constant(TensorData.Scalar(1))]), Numbers, gradients: false),
        One("Cumprod, exclusive and reverse", g => g.Graph.Add(new CumprodOp(true, true), [g.In(-2, 2, 3, 5), g.Graph.Constant(TensorData.Scalar(0))]), Numbers, gradients: false),
        One("UnsortedSegmentSum", g => MathOps.UnsortedSegmentSum(g.Of(6, 3), g.Ints(0, 4, 6), 4), Numbers),
    ];

    // The gradient as a function to be differentiated in turn.
    private static Tensor Again(OpInputs g, Func<Tensor, string?, Tensor> op)
    {
        Tensor x = g.In(0.5, 3, 3, 7);
        return AlexNetTF.Gradients.Compute(op(x, null), x)[0]!;
    }

    private static IEnumerable<OpCase> Broadcast(string name, Func<Tensor, Tensor, Tensor> op, DType[] types) =>
    [
        One(name, g => op(g.Of(3, 7), g.Of(3, 7)), types),
        One($"{name}, row", g => op(g.Of(3, 7), g.Of(7)), types),
        One($"{name}, both broadcast", g => op(g.Of(2, 1, 5), g.Of(3, 1)), types),
        One($"{name}, scalar", g => op(g.Of(), g.Of(3, 7)), types),
    ];

    private static IEnumerable<OpCase> Reduce(string name, Func<Tensor, int[]?, bool, Tensor> op, DType[] types) =>
    [
        One($"{name} of all", g => op(g.In(1, 5, 3, 4), null, false), types),
        One($"{name} over rows", g => op(g.Of(3, 4, 5), [0], false), types),
        One($"{name} over two, kept", g => op(g.Of(3, 4, 5), [0, -1], true), types),
        One($"{name} over many", g => op(g.In(0.5, 1.5, 20, 1000), [1], false), Floats),
    ];
}

namespace AlexNetTF.TensorFlow;

/// <summary>How the ops of the family Math are made from nodes.</summary>
internal static class MathFactories
{
    public static void AddTo(Dictionary<string, OpFactory> table)
    {
        AddUnary(table);
        AddBinary(table);
        AddComparisons(table);
        AddReductions(table);
        table.Add<AddNOp>("AddN", OpFactory.AnyNumber);
        table.Add<BroadcastGradientArgsOp>("BroadcastGradientArgs", 2);
        table.Add("Cast", 1, node => new CastOp(node.Type("DstT")));
        table.Add("Cumprod", 2, node => new CumprodOp(node.Flag("exclusive"), node.Flag("reverse")));
        table.Add("MatMul", 2, node => new MatMulOp(node.Flag("transpose_a"), node.Flag("transpose_b")));
        table.Add<SelectOp>("Select", 3);
        table.Add<SelectV2Op>("SelectV2", 3);
        table.Add<UnsortedSegmentSumOp>("UnsortedSegmentSum", 3);
    }

    private static void AddUnary(Dictionary<string, OpFactory> table)
    {
        table.Add<AbsOp>("Abs", 1);
        table.Add<CeilOp>("Ceil", 1);
        table.Add<CosOp>("Cos", 1);
        table.Add<ExpOp>("Exp", 1);
        table.Add<FloorOp>("Floor", 1);
        table.Add<IsFiniteOp>("IsFinite", 1);
        table.Add<IsNanOp>("IsNan", 1);
        table.Add<LogOp>("Log", 1);
        table.Add<Log1pOp>("Log1p", 1);
        table.Add<LogicalNotOp>("LogicalNot", 1);
        table.Add<NegOp>("Neg", 1);
        table.Add<ReciprocalOp>("Reciprocal", 1);
        table.Add<RsqrtOp>("Rsqrt", 1);
        table.Add<SigmoidOp>("Sigmoid", 1);
        table.Add<SignOp>("Sign", 1);
        table.Add<SinOp>("Sin", 1);
        table.Add<SqrtOp>("Sqrt", 1);
        table.Add<SquareOp>("Square", 1);
        table.Add<TanhOp>("Tanh", 1);
    }

    private static void AddBinary(Dictionary<string, OpFactory> table)
    {
        table.Add<AddOp>("Add", 2);
        table.Add<AddV2Op>("AddV2", 2);
        table.Add<DivOp>("Div", 2);
        table.Add<DivNoNanOp>("DivNoNan", 2);
        table.Add<FloorDivOp>("FloorDiv", 2);
        table.Add<FloorModOp>("FloorMod", 2);
        table.Add<MaximumOp>("Maximum", 2);
        table.Add<MinimumOp>("Minimum", 2);
        table.Add<MulOp>("Mul", 2);
        table.Add<PowOp>("Pow", 2);
        table.Add<RealDivOp>("RealDiv", 2);
        table.Add<ReciprocalGradOp>("ReciprocalGrad", 2);
        table.Add<RsqrtGradOp>("RsqrtGrad", 2);
        table.Add<SigmoidGradOp>("SigmoidGrad", 2);
        table.Add<SqrtGradOp>("SqrtGrad", 2);
        table.Add<SquaredDifferenceOp>("SquaredDifference", 2);
        table.Add<SubOp>("Sub", 2);
        table.Add<TanhGradOp>("TanhGrad", 2);
        table.Add<TruncateDivOp>("TruncateDiv", 2);
    }

    private static void AddComparisons(Dictionary<string, OpFactory> table)
    {
        table.Add<EqualOp>("Equal", 2);
        table.Add<NotEqualOp>("NotEqual", 2);
        table.Add<GreaterOp>("Greater", 2);
        table.Add<GreaterEqualOp>("GreaterEqual", 2);
        table.Add<LessOp>("Less", 2);
        table.Add<LessEqualOp>("LessEqual", 2);
        table.Add<LogicalAndOp>("LogicalAnd", 2);
        table.Add<LogicalOrOp>("LogicalOr", 2);
    }

    private static void AddReductions(Dictionary<string, OpFactory> table)
    {
        table.Add("All", 2, node => new AllOp(node.Flag("keep_dims")));
        table.Add("Any", 2, node => new AnyOp(node.Flag("keep_dims")));
        table.Add("Max", 2, node => new MaxOp(node.Flag("keep_dims")));
        table.Add("Mean", 2, node => new MeanOp(node.Flag("keep_dims")));
        table.Add("Min", 2, node => new MinOp(node.Flag("keep_dims")));
        table.Add("Prod", 2, node => new ProdOp(node.Flag("keep_dims")));
        table.Add("Sum", 2, node => new SumOp(node.Flag("keep_dims")));
        table.Add("ArgMax", 2, node => new ArgMaxOp(node.Type("output_type", DType.Int64)));
        table.Add("ArgMin", 2, node => new ArgMinOp(node.Type("output_type", DType.Int64)));
    }
}

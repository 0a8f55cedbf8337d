namespace AlexNetTF;

public static partial class MathOps
{
    internal static (Tensor X, Tensor Y) BroadcastGradientArgs(Tensor shapeX, Tensor shapeY)
    {
        Operation op = shapeX.Graph.AddOperation(new BroadcastGradientArgsOp(), [shapeX, shapeY]);
        return (op.Outputs[0], op.Outputs[1]);
    }
}

/// <summary>From the sizes of two operands: the dimensions of their common shape along which each of them was repeated.</summary>
internal sealed class BroadcastGradientArgsOp : OpDef
{
    public override string Type => "BroadcastGradientArgs";

    public override Gradient Gradient => Gradient.None("sizes have no gradient");

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.SameType(0, 1);
        DType type = inputs.Require(0, [DType.Int32, DType.Int64]);
        inputs.WithRank(0, 1);
        inputs.WithRank(1, 1);
        if (inputs.Integers(0) is not { } x || inputs.Integers(1) is not { } y) return [new(type, Shape.OfRank(1)), new(type, Shape.OfRank(1))];
        if (!inputs.IsBuilding) RequireBroadcast(inputs, x, y);
        (int[] axesX, int[] axesY) = Axes(Sizes(x), Sizes(y));
        return [new(type, new Shape(axesX.Length)), new(type, new Shape(axesY.Length))];
    }

    /// <summary>The dimensions where an operand has size 1 or none; both empty for equal shapes.</summary>
    public static (int[] X, int[] Y) Axes(int[] x, int[] y)
    {
        if (x.AsSpan().SequenceEqual(y)) return ([], []);
        int rank = Math.Max(x.Length, y.Length);
        List<int> axesX = [], axesY = [];
        for (int d = 0; d < rank; d++)
        {
            int sizeX = d < rank - x.Length ? 1 : x[d - (rank - x.Length)], sizeY = d < rank - y.Length ? 1 : y[d - (rank - y.Length)];
            if (sizeX == 1) axesX.Add(d);
            if (sizeY == 1) axesY.Add(d);
        }

        return ([.. axesX], [.. axesY]);
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        (int[] x, int[] y) = Axes(Sizes(spec.Integers(0)), Sizes(spec.Integers(1)));
        return Kernel.Of(context =>
        {
            Write(context, 0, x);
            Write(context, 1, y);
        });
    }

    // Aligned at their ends, sizes are equal or one of them is 1.
    private static void RequireBroadcast(InferenceContext inputs, long[] x, long[] y)
    {
        for (int i = 1; i <= Math.Min(x.Length, y.Length); i++)
        {
            if (x[^i] != y[^i] && x[^i] != 1 && y[^i] != 1) throw inputs.Error($"the shapes [{string.Join(",", x)}] and [{string.Join(",", y)}] must be broadcast to a common one; {x[^i]} and {y[^i]} differ and neither is 1");
        }
    }

    private static int[] Sizes(long[] values) => Array.ConvertAll(values, value => checked((int)value));

    private static void Write(KernelContext context, int output, int[] axes)
    {
        if (context.OutputInfo(output).Type == DType.Int32)
        {
            axes.CopyTo(context.Output<int>(output));
            return;
        }

        Span<long> wide = context.Output<long>(output);
        for (int i = 0; i < axes.Length; i++) wide[i] = axes[i];
    }
}

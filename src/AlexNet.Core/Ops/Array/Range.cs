using System.Numerics;

namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>Numbers start, start + delta, … before limit (<c>tf.range</c>).</summary>
    /// <param name="start">The first.</param>
    /// <param name="limit">The end, not reached.</param>
    /// <param name="delta">The step; 1 if null.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">The step is 0 or leads away from the limit, or tensors of two types are given.</exception>
    public static Tensor Range(Operand start, Operand limit, Operand? delta = null, string? name = null)
    {
        Operand step = delta ?? 1;
        Graph graph = GraphOf(start, limit, step);
        DType type = start.Tensor?.DType ?? limit.Tensor?.DType ?? step.Tensor?.DType
            ?? (start.IsFraction || limit.IsFraction || step.IsFraction ? DType.Float32 : DType.Int32);
        using NameScope scope = graph.NameScope(name ?? "range");
        return graph.Add(
            new RangeOp(),
            [start.ToTensor(graph, type, "start"), limit.ToTensor(graph, type, "limit"), step.ToTensor(graph, type, "delta")],
            scope.Name);
    }
}

internal sealed class RangeOp : OpDef
{
    public override string Type => "Range";

    public override Gradient Gradient => Gradient.None("TensorFlow defines none for a range's ends");

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("Tidx", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        DType type = inputs.SameType(0, 2);
        if (type is not (DType.Int32 or DType.Int64 or DType.Float32 or DType.Float64)) throw inputs.Error($"a range holds int32, int64, float32 or float64, not {type.Name()}");
        for (int i = 0; i < 3; i++) inputs.RequireScalar(i);
        int? count = inputs.Constant(0) is { } start && inputs.Constant(1) is { } limit && inputs.Constant(2) is { } delta ? Count(inputs, start, limit, delta) : null;
        return [new(type, new Shape(count))];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type switch
    {
        DType.Int32 => Kernel.Of(Run<int>),
        DType.Int64 => Kernel.Of(Run<long>),
        DType.Float32 => Kernel.Of(Run<float>),
        _ => Kernel.Of(Run<double>),
    };

    // Adds the step again and again, as TensorFlow's kernel does: floats round the same way.
    private static void Run<T>(KernelContext context)
        where T : unmanaged, INumber<T>
    {
        T value = context.Input<T>(0)[0], delta = context.Input<T>(2)[0];
        foreach (ref T element in context.Output<T>(0))
        {
            element = value;
            value += delta;
        }
    }

    private static int Count(InferenceContext inputs, TensorData start, TensorData limit, TensorData delta) => start.Type switch
    {
        DType.Float32 => Count(inputs, start.AsSpan<float>()[0], limit.AsSpan<float>()[0], delta.AsSpan<float>()[0]),
        DType.Float64 => Count(inputs, start.AsSpan<double>()[0], limit.AsSpan<double>()[0], delta.AsSpan<double>()[0]),
        _ => Count(inputs, start.ToInt64s()[0], limit.ToInt64s()[0], delta.ToInt64s()[0]),
    };

    // ceil(|(limit − start) / delta|) in the type itself: floats round as TensorFlow's do.
    private static int Count<T>(InferenceContext inputs, T start, T limit, T delta)
        where T : INumber<T>
    {
        if (delta == T.Zero) throw inputs.Error("the step must not be 0");
        if (start != limit && start < limit != delta > T.Zero) throw inputs.Error($"the step {delta} leads away from the limit: {start} to {limit}");
        T steps = T.Abs((limit - start) / delta);
        double count = steps is float or double
            ? Math.Ceiling(double.CreateChecked(steps))
            : double.CreateChecked(steps) + ((limit - start) % delta != T.Zero ? 1 : 0);
        return count <= int.MaxValue ? (int)count : throw inputs.Error($"the range would have {count} elements");
    }
}

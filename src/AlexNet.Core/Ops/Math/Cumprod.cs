using System.Numerics;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>Running products along a dimension (<c>tf.cumprod</c>).</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The dimension.</param>
    /// <param name="exclusive">Whether an element's product leaves the element itself out.</param>
    /// <param name="reverse">Whether the products run from the end.</param>
    /// <param name="name">The node's name.</param>
    internal static Tensor Cumprod(Tensor x, Operand axis, bool exclusive = false, bool reverse = false, string? name = null)
    {
        using NameScope scope = x.Graph.NameScope(name ?? "Cumprod");
        return x.Graph.Add(new CumprodOp(exclusive, reverse), [x, axis.ToTensor(x.Graph, DType.Int32, "axis")], scope.Name);
    }
}

internal sealed class CumprodOp(bool exclusive, bool reverse) : OpDef
{
    public override string Type => "Cumprod";

    public override Gradient Gradient => Gradient.NotDifferentiable("running products only serve the gradient of Prod, which has no second one");

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tidx", op.Inputs[1].DType);
        attributes.Add("exclusive", exclusive);
        attributes.Add("reverse", reverse);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.Require(0, NumberTypes.All);
        inputs.Require(1, [DType.Int32, DType.Int64]);
        return [inputs[0]];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        int[] dims = spec.Input(0).Dims;
        int axis = ReductionAxes.Of(spec.Integers(1), dims.Length, out string? problem).FirstOrDefault();
        if (problem is not null) throw spec.Error(problem);
        int inner = 1;
        for (int d = axis + 1; d < dims.Length; d++) inner *= dims[d];
        return spec.Input(0).Type switch
        {
            DType.Float32 => Make<float>(dims[axis], inner),
            DType.Float64 => Make<double>(dims[axis], inner),
            DType.Int32 => Make<int>(dims[axis], inner),
            DType.Int64 => Make<long>(dims[axis], inner),
            DType.Int16 => Make<short>(dims[axis], inner),
            DType.Int8 => Make<sbyte>(dims[axis], inner),
            _ => Make<byte>(dims[axis], inner),
        };
    }

    private Kernel Make<T>(int length, int inner)
        where T : unmanaged, INumber<T> => Kernel.Of(context =>
    {
        ReadOnlySpan<T> x = context.Input<T>(0);
        Span<T> y = context.Output<T>(0);
        for (int start = 0; start < x.Length; start += length * inner)
        {
            for (int column = 0; column < inner; column++) Run(x[(start + column)..], y[(start + column)..], length, inner);
        }
    });

    private void Run<T>(ReadOnlySpan<T> x, Span<T> y, int length, int stride)
        where T : unmanaged, INumber<T>
    {
        T product = T.One;
        for (int step = 0; step < length; step++)
        {
            int i = (reverse ? length - 1 - step : step) * stride;
            T value = x[i];
            if (exclusive) y[i] = product;
            product *= value;
            if (!exclusive) y[i] = product;
        }
    }
}

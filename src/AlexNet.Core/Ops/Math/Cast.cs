using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>
    /// The elements in another type (<c>tf.cast</c>). Floating-point numbers lose their fraction on the way to integers and
    /// beyond their range become the nearest one; wider integers keep their low bits; truth values become 0 and 1, and
    /// everything but 0 becomes true. A tensor of that type already is passed on.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="type">The type asked for.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor Cast(Tensor x, DType type, string? name = null)
    {
        if (x.DType == type) return x;
        using NameScope scope = x.Graph.NameScope(name ?? "Cast");
        return x.Graph.Add(new CastOp(type), [x], scope.Name);
    }
}

internal sealed class CastOp(DType type) : OpDef
{
    public override string Type => "Cast";

    public override Gradient Gradient => Gradient.Of((op, dy) => [op.Inputs[0].DType.IsFloating() && dy[0].DType.IsFloating()
        ? MathOps.Cast(dy[0], op.Inputs[0].DType)
        : null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("DstT", type);
        attributes.Add("SrcT", op.Inputs[0].DType);
        attributes.Add("Truncate", false);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => type == DType.String || inputs[0].Type == DType.String
        ? throw inputs.Error("strings cannot be converted to numbers, nor numbers to strings")
        : [new(type, inputs[0].Shape)];

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type == type ? Kernel.Alias() : spec.Input(0).Type switch
    {
        DType.Float32 => From<float>(),
        DType.Float64 => From<double>(),
        DType.Int32 => From<int>(),
        DType.Int64 => From<long>(),
        DType.Int16 => From<short>(),
        DType.Int8 => From<sbyte>(),
        _ => From<byte>(),
    };

    private Kernel From<T>()
        where T : unmanaged, INumber<T> => type switch
    {
        DType.Float32 => new UnaryKernel<T, float, Conversion<T, float>>(),
        DType.Float64 => new UnaryKernel<T, double, Conversion<T, double>>(),
        DType.Int32 => new UnaryKernel<T, int, Conversion<T, int>>(),
        DType.Int64 => new UnaryKernel<T, long, Conversion<T, long>>(),
        DType.Int16 => new UnaryKernel<T, short, Conversion<T, short>>(),
        DType.Int8 => new UnaryKernel<T, sbyte, Conversion<T, sbyte>>(),
        DType.Bool => new UnaryKernel<T, bool, Truth<T>>(),
        _ => new UnaryKernel<T, byte, Conversion<T, byte>>(),
    };
}

internal readonly struct Conversion<TFrom, TTo> : IUnary<Conversion<TFrom, TTo>, TFrom, TTo>
    where TFrom : unmanaged, INumber<TFrom>
    where TTo : unmanaged, INumber<TTo>
{
    public static TTo Invoke(TFrom x) => TTo.CreateTruncating(x);

    public static void Invoke(ReadOnlySpan<TFrom> x, Span<TTo> y) => TensorPrimitives.ConvertTruncating(x, y);
}

internal readonly struct Truth<T> : IUnary<Truth<T>, T, bool>
    where T : unmanaged, INumber<T>
{
    // TensorFlow's CPU kernels take subnormal numbers for 0.
    public static bool Invoke(T x) => !T.IsZero(x) && !T.IsSubnormal(x);
}

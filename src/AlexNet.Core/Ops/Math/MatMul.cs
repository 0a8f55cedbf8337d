using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>Element-wise arithmetic ops, matrix products, comparisons, reductions and type conversion.</summary>
public static partial class MathOps
{
    /// <summary>The matrix product op(a)·op(b), where op transposes if asked (<c>tf.matmul</c> of two matrices).</summary>
    /// <param name="a">A matrix: m × k, or k × m with <paramref name="transposeA"/>.</param>
    /// <param name="b">A matrix of the same element type: k × n, or n × k with <paramref name="transposeB"/>.</param>
    /// <param name="transposeA">Whether a is transposed first.</param>
    /// <param name="transposeB">Whether b is transposed first.</param>
    /// <param name="name">The node's name.</param>
    /// <returns>m × n.</returns>
    /// <exception cref="GraphException">The operands are no matrices of one type, or their inner sizes differ.</exception>
    public static Tensor MatMul(Tensor a, Operand b, bool transposeA = false, bool transposeB = false, string? name = null)
    {
        Graph graph = a.Graph;
        using NameScope scope = graph.NameScope(name ?? "MatMul");
        return graph.Add(new MatMulOp(transposeA, transposeB), [a, b.ToTensor(graph, a.DType, "b")], scope.Name);
    }
}

internal sealed class MatMulOp(bool transposeA, bool transposeB) : OpDef, INumericKernel
{
    public override string Type => "MatMul";

    public bool TransposeA => transposeA;

    public bool TransposeB => transposeB;

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], dy[0]));

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("transpose_a", transposeA);
        attributes.Add("transpose_b", transposeB);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        DType type = inputs.SameType(0, 1);
        if (type is not (DType.Float32 or DType.Float64 or DType.Int32 or DType.Int64))
        {
            throw inputs.Error($"matrices hold float32, float64, int32 or int64; these hold {type.Name()}. Convert them with MathOps.Cast");
        }

        Shape a = inputs.WithRank(0, 2);
        Shape b = inputs.WithRank(1, 2);
        int? innerA = a[transposeA ? 0 : 1];
        int? innerB = b[transposeB ? 1 : 0];
        if (innerA is { } left && innerB is { } right && left != right)
        {
            throw inputs.Error($"the inner sizes must be equal; they are {left} and {right} (transpose_a = {transposeA}, transpose_b = {transposeB})");
        }

        return [new(type, new Shape(a[transposeA ? 1 : 0], b[transposeB ? 0 : 1]))];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type == DType.Float32 ? new MatMulKernel(ShapeOf(spec.Input(0), spec.Output(0))) : NumericKernel.Of(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        GemmShape shape = ShapeOf(spec.Input(0), spec.Output(0));
        return Kernel.Of(context => Multiply(shape, context.Input<T>(0), context.Input<T>(1), context.Output<T>(0)));
    }

    /// <summary>The sizes for these inputs.</summary>
    public GemmShape ShapeOf(TensorInfo a, TensorInfo result) =>
        new(result.Dimensions[0], result.Dimensions[1], a.Dimensions[transposeA ? 0 : 1], transposeA, transposeB);

    private static void Multiply<T>(in GemmShape shape, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
        where T : unmanaged, INumber<T>
    {
        int stepA = shape.TransposeA ? shape.Lda : 1;
        int stepB = shape.TransposeB ? 1 : shape.Ldb;
        for (int i = 0; i < shape.M; i++)
        {
            for (int j = 0; j < shape.N; j++)
            {
                int atA = shape.TransposeA ? i : i * shape.Lda;
                int atB = shape.TransposeB ? j * shape.Ldb : j;
                T sum = T.Zero;
                for (int k = 0; k < shape.K; k++) sum += a[atA + (k * stepA)] * b[atB + (k * stepB)];
                c[(i * shape.Ldc) + j] = sum;
            }
        }
    }

    // y = op(a)·op(b): TensorFlow's four cases, transposes folded into the products.
    private Tensor[] Gradients(Tensor a, Tensor b, Tensor dy) => (transposeA, transposeB) switch
    {
        (false, false) => [MathOps.MatMul(dy, b, transposeB: true), MathOps.MatMul(a, dy, transposeA: true)],
        (false, true) => [MathOps.MatMul(dy, b), MathOps.MatMul(dy, a, transposeA: true)],
        (true, false) => [MathOps.MatMul(b, dy, transposeB: true), MathOps.MatMul(a, dy)],
        (true, true) => [MathOps.MatMul(b, dy, transposeA: true, transposeB: true), MathOps.MatMul(dy, a, transposeA: true, transposeB: true)],
    };
}

/// <summary>Runs the Float32 product of inputs 0 and 1, and where a fusion asks for it adds a bias to its columns and rectifies.</summary>
/// <param name="shape">The sizes.</param>
/// <param name="bias">The input that is added to every row; −1 for none.</param>
/// <param name="relu">Whether the result is rectified.</param>
internal sealed unsafe class MatMulKernel(GemmShape shape, int bias = -1, bool relu = false) : Kernel
{
    public override void Run(KernelContext context)
    {
        var epilogue = new GemmEpilogue { Bias = bias < 0 ? null : (float*)context.InputPointer(bias), Relu = relu };
        Gemm.Run(
            shape,
            (float*)context.InputPointer(0),
            (float*)context.InputPointer(1),
            (float*)context.OutputPointer(0),
            epilogue,
            context.Threads);
    }
}

using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>An element-wise op of one operand.</summary>
internal abstract class UnaryOp : OpDef
{
    /// <summary>The types that the op takes.</summary>
    protected virtual DType[] Types => NumberTypes.Wide;

    /// <summary>The result's type.</summary>
    protected virtual DType ResultOf(DType operand) => operand;

    /// <summary>The kernel for one element type; truth values come as bytes.</summary>
    protected abstract Kernel Make<T>()
        where T : unmanaged, INumber<T>;

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [new(ResultOf(inputs.Require(0, Types)), inputs[0].Shape)];

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type switch
    {
        DType.Float32 => Make<float>(),
        DType.Float64 => Make<double>(),
        DType.Int32 => Make<int>(),
        DType.Int64 => Make<long>(),
        DType.Int16 => Make<short>(),
        DType.Int8 => Make<sbyte>(),
        _ => Make<byte>(),
    };
}

/// <summary>An element-wise op of one floating-point operand.</summary>
internal abstract class FloatingUnaryOp : OpDef
{
    /// <summary>The result's type.</summary>
    protected virtual DType ResultOf(DType operand) => operand;

    /// <summary>The kernel for one element type.</summary>
    protected abstract Kernel Make<T>()
        where T : unmanaged, IFloatingPointIeee754<T>;

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) =>
        [new(ResultOf(inputs.Require(0, NumberTypes.Floating)), inputs[0].Shape)];

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type == DType.Float32 ? Make<float>() : Make<double>();
}

/// <summary>The kernel of an element-wise op of one operand.</summary>
internal sealed unsafe class UnaryKernel<T, TResult, TFunction> : Kernel
    where T : unmanaged
    where TResult : unmanaged
    where TFunction : struct, IUnary<TFunction, T, TResult>
{
    // Conversions between types read a vector again after its place is written.
    public override bool MayOverwrite(int input) => typeof(T) == typeof(TResult);

    public override void Run(KernelContext context)
    {
        int count = (int)context.OutputInfo(0).Count;
        var loop = new UnaryLoop<T, TResult, TFunction>((T*)context.InputPointer(0), (TResult*)context.OutputPointer(0), count);
        Workers.For(context.Threads, UnaryLoop<T, TResult, TFunction>.Blocks(count), loop);
    }
}

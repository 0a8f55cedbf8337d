using System.Numerics;

namespace AlexNetTF;

/// <summary>An op whose kernel is written once for all number types.</summary>
internal interface INumericKernel
{
    /// <summary>The kernel for one element type.</summary>
    Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>An op whose kernel is written once for all floating-point types.</summary>
internal interface IFloatingKernel
{
    /// <summary>The kernel for one element type.</summary>
    Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>;
}

/// <summary>Picks the element type of a generic kernel, and refuses types that an op does not have.</summary>
internal static class NumericKernel
{
    /// <summary>The kernel for the element type of input 0.</summary>
    public static Kernel Of(INumericKernel op, KernelSpec spec) => spec.Input(0).Type switch
    {
        DType.Float32 => op.Create<float>(spec),
        DType.Float64 => op.Create<double>(spec),
        DType.Int32 => op.Create<int>(spec),
        DType.Int64 => op.Create<long>(spec),
        DType.UInt8 => op.Create<byte>(spec),
        DType.Int16 => op.Create<short>(spec),
        DType.Int8 => op.Create<sbyte>(spec),
        _ => throw spec.Error($"there is no kernel for {spec.Input(0).Type.Name()}"),
    };

    /// <summary>The kernel for the element type of an input.</summary>
    public static Kernel OfFloating(IFloatingKernel op, KernelSpec spec, int input = 0) => spec.Input(input).Type switch
    {
        DType.Float32 => op.Create<float>(spec),
        DType.Float64 => op.Create<double>(spec),
        _ => throw spec.Error($"there is no kernel for {spec.Input(input).Type.Name()}"),
    };

    /// <summary>Requires that an input holds numbers, and gives their type.</summary>
    public static DType RequireNumbers(InferenceContext inputs, int input = 0) => inputs[input].Type is var type && (type.IsFloating() || type.IsInteger())
        ? type
        : throw inputs.Error($"input {input} must hold numbers; its element type is {type.Name()}. Convert it with MathOps.Cast");

    /// <summary>Requires that an input holds floating-point numbers, and gives their type.</summary>
    public static DType RequireFloating(InferenceContext inputs, int input = 0) => inputs[input].Type is var type && type.IsFloating()
        ? type
        : throw inputs.Error($"input {input} must be float32 or float64; its element type is {type.Name()}. Convert it with MathOps.Cast");
}

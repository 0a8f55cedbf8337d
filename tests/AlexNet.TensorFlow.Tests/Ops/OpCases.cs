namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Every op in its forms, by family in the partial files.</summary>
internal static partial class OpCases
{
    private static readonly DType[] Floats = [DType.Float32, DType.Float64];
    private static readonly DType[] Numbers = [DType.Float32, DType.Float64, DType.Int32, DType.Int64];
    private static readonly DType[] All = [DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.Int16, DType.Int8, DType.UInt8];
    private static readonly DType[] AllAndBool = [.. All, DType.Bool];

    public static IReadOnlyList<OpCase> List { get; } = [.. Unary, .. Binary, .. Reductions, .. Moving, .. Network, .. RandomNumbers, .. State];

    private static OpCase One(string name, Func<OpInputs, Tensor> build, DType[] types, Judge judge = Judge.General, bool gradients = true, int runs = 1) =>
        new(name, g => [build(g)], types, judge, gradients, runs);
}
